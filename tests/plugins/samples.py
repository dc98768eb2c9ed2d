"""Folders of samples: which kinds there are checks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.plugins.sample_exports import export_cases
from tests.plugins.sample_facts import Case
from tests.plugins.sample_mail import mail_cases, mailbox_cases
from tests.plugins.sample_site import submission_cases

READ: dict[str, Callable[[Path], Iterator[Case]]] = {
    "wordpress": submission_cases,
    "wordpress_forms": export_cases,
    "mail_eml": mail_cases,
    "mail_msg": mail_cases,
    "mail_malformed": mail_cases,
    "mail_mbox": mailbox_cases,
}
"""Kinds that the plugins read. Documents (``cv``, ``nasty_documents``) are tried by their reader's tests."""
DOCUMENTS = frozenset({"cv", "nasty_documents"})


def cases(root: Path) -> Iterator[Case]:
    """Every fact of every kind of sample under ``root``; kinds that nobody reads yet, by name."""
    if not root.is_dir():
        return
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        make = READ.get(folder.name)
        if make is not None:
            yield from make(folder)
        elif folder.name not in DOCUMENTS:
            yield Case(folder.name, skip=f"not read yet: {folder.name}")

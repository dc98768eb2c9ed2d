"""What somebody is about to import: counted before anything is read, so that the question is asked
once and says how many. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clementine_crm.files import files_below
from clementine_crm.jobs import JobContext

MAILS = frozenset({".eml", ".msg", ".mbox"})
TABLES = frozenset({".csv", ".tsv", ".xml", ".json", ".xlsx", ".xls"})
TOLD_EVERY = 200


@dataclass(frozen=True)
class Survey:
    """``loose`` files are CVs and whatever is neither a message nor a table; ``folders`` the names
    that would be proposed as tags, most frequent first.
    """

    paths: tuple[Path, ...]
    files: int = 0
    mails: int = 0
    tables: int = 0
    folders: tuple[str, ...] = ()

    @property
    def loose(self) -> int:
        return self.files - self.mails - self.tables


def survey(paths: Sequence[Path], job: JobContext) -> Survey:
    """Count them; a folder of thousands tells where it is. OSError when a root cannot be read."""
    kinds: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    for path in paths:
        for file in files_below(path) if path.is_dir() else (path,):
            job.cancel.check()
            suffix = file.suffix.casefold()
            kinds["mails" if suffix in MAILS else "tables" if suffix in TABLES else "loose"] += 1
            folders.update(file.parent.relative_to(path).parts if file != path else ())
            if kinds.total() % TOLD_EVERY == 0:
                job.progress(kinds.total(), 0, "")
    named = tuple(name for name, _ in folders.most_common())
    return Survey(tuple(paths), kinds.total(), kinds["mails"], kinds["tables"], named)

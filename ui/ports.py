"""What the first start and the unlock page need of the keys, as Protocols.

``main.py`` joins them to the real parts. All but ``password_rules`` may take a second (Argon2id)
and are called off the GUI thread; errors are ``ClementineError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class PasswordRules(Protocol):
    """Checked while typing, so at once and on the GUI thread."""

    def __call__(self, password: str, about: Sequence[str] = ()) -> Sequence[tuple[str, bool]]:
        """Every rule by name (words ``password.rule_<name>``) and whether it is kept.

        ``about``: name, address and agency, which a password must not contain.
        """
        ...


class Creation(Protocol):
    """A new agency on this desktop."""

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]: ...

    def create(self, agency: str, name: str, email: str, password: str) -> Sequence[str]:
        """Make the encrypted base and give the 24 words; nothing opens before ``confirm``."""
        ...

    def confirm(self) -> None:
        """The sheet was checked: the agency may be used."""
        ...


@dataclass(frozen=True)
class Person:
    """Somebody who may open this home."""

    email: str
    name: str = ""


class Unlocking(Protocol):
    """Opening an existing home."""

    @property
    def persons(self) -> Sequence[Person]:
        """Who may open it, the last one first; empty when the file does not tell."""
        ...

    @property
    def key_store(self) -> str:
        """The system's password store by its own name, "" without one."""
        ...

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]: ...

    def unlock(self, email: str, password: str, remember: bool) -> None:
        """Open it. ``WrongKey``; ``Busy`` with ``n`` seconds to wait when throttled."""
        ...

    def recover(self, email: str, words: Sequence[str], password: str) -> None:
        """Set a new password with the 24 words, and open it."""
        ...


class PasswordChange(Protocol):
    """Changing one's own password."""

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]: ...

    def change(self, current: str, new: str) -> None:
        """``WrongKey`` when the current one is wrong; ``ValidationError`` when the new one is."""
        ...

"""What the window needs of the agency, as Protocols: it knows neither keys, base nor wiring.

``main.py`` joins them to the real parts (``clementine_crm/parts.py``). Everything that may take
time (Argon2id, the base, a folder of copies) is called off the GUI thread; errors are
``ClementineError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from clementine_crm.clock import Clock
from clementine_crm.errors import ClementineError
from clementine_crm.jobs import JobContext

if TYPE_CHECKING:
    from clementine_crm.domain.agency import User
    from clementine_crm.plugin_host.host import PluginRow
    from ui.context import Outcome, PageDrawer


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


class Person(Protocol):
    """Somebody who may open this home."""

    @property
    def email(self) -> str: ...

    @property
    def name(self) -> str:
        """ "" where the keys do not tell it."""
        ...


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

    @property
    def remembered(self) -> bool:
        """Whether that store keeps the key of the last person."""
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


class Check(Protocol):
    """One line of the diagnosis. ``say`` is a key of words: what is, and what to do about it."""

    @property
    def name(self) -> str: ...

    @property
    def ok(self) -> bool: ...

    @property
    def say(self) -> str: ...

    @property
    def params(self) -> Mapping[str, object]: ...


class KeptCopy(Protocol):
    """A copy that lies in a folder."""

    @property
    def id(self) -> str: ...

    @property
    def made_at(self) -> datetime: ...

    @property
    def dossiers(self) -> int: ...

    @property
    def size(self) -> int:
        """Bytes of the whole copy."""
        ...


class ListedCopy(KeptCopy, Protocol):
    """The same as a folder shows it."""

    @property
    def readable(self) -> bool:
        """False when what names its parts is damaged."""
        ...


class Damage(Protocol):
    """A file that is not as it was written, and how many dossiers lose something by it."""

    @property
    def file(self) -> str: ...

    @property
    def dossiers(self) -> int: ...


class CopyCheck(Protocol):
    """What reading a copy again gave."""

    @property
    def ok(self) -> bool: ...

    @property
    def checked(self) -> int: ...

    @property
    def damaged(self) -> Sequence[Damage]: ...


class Copies(Protocol):
    """A home's own copies on a USB key or a share; all off the GUI thread."""

    def run(self, folder: Path, job: JobContext) -> KeptCopy:
        """Make one and read it again. Remembered in the base, so that Aujourd'hui knows."""
        ...

    def list(self, folder: Path) -> Sequence[ListedCopy]:
        """The copies of this agency in a folder, newest first."""
        ...

    def verify(self, folder: Path, id: str, job: JobContext) -> CopyCheck:
        """Read one again, whole."""
        ...


class Desk(Protocol):
    """One agency, open on this desktop. The attributes are at hand; the methods take time."""

    @property
    def agency(self) -> str: ...

    @property
    def actor(self) -> User: ...

    @property
    def must_change(self) -> bool:
        """The password was given by somebody else and must be changed first."""
        ...

    @property
    def home(self) -> Path: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def reading(self) -> Any:
        """What every query is given."""
        ...

    @property
    def pages(self) -> PageDrawer: ...

    @property
    def copies(self) -> Copies: ...

    @property
    def passwords(self) -> PasswordChange: ...

    def execute(self, command: Any, job: JobContext | None = None) -> Outcome:
        """Carry out a command whole or not at all; with a ``job``, a long one beside the others."""
        ...

    def data_version(self) -> int:
        """Changes when somebody committed."""
        ...

    def plugins(self) -> Sequence[PluginRow]: ...

    def switch_plugin(self, id: str, *, on: bool) -> PluginRow:
        """Enable or disable, and remember it."""
        ...

    def set_plugin(self, id: str, values: Mapping[str, str | int | bool]) -> PluginRow:
        """Store its settings and work with them from now on."""
        ...

    def doctor(self) -> Sequence[Check]: ...

    def close(self) -> None:
        """Erase what was discarded and forget everything."""
        ...


class Parts(Protocol):
    """What stands behind the window of one home."""

    @property
    def home(self) -> Path: ...

    @property
    def version(self) -> str: ...

    def known(self) -> bool:
        """Whether an agency stands here already."""
        ...

    def trouble(self) -> ClementineError | None:
        """Why nothing can be opened or made here (a network drive, keys that are damaged)."""
        ...

    def founding(self) -> Creation: ...

    def unlocking(self) -> Unlocking: ...

    def warm(self) -> None:
        """Read the libraries that ``open`` will need; may be left out."""
        ...

    def opened_already(self) -> bool:
        """Whether the keys are at hand without asking: the key store had them, or a demonstration."""
        ...

    def opened_as(self) -> str:
        """Whose keys are at hand, "" without any."""
        ...

    def open(self) -> Desk:
        """The agency whose keys were just made or unlocked."""
        ...

    def forget(self) -> None:
        """Drop the keys; the next ``open`` needs them again."""
        ...

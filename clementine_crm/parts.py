"""What the window asks of the agency, over the keys and the wiring (``ui/ports.py`` says it in words).

``main.py`` hands a ``Parts`` to ``ui.app.run``. What is heavy is imported when it is first needed:
the unlock page stands on screen before the base's libraries are read.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clementine_crm.clock import Clock, SystemClock
from clementine_crm.errors import ClementineError, WrongKey
from clementine_crm.jobs import JobContext
from clementine_crm.keys import keyfile, keystore, passwords
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.store.home import Home

if TYPE_CHECKING:
    from clementine_crm import bootstrap
    from clementine_crm.doctor import Check
    from clementine_crm.plugin_host.host import PluginRow
    from clementine_crm.services.work import Outcome

_STORES = {"win32": "Windows", "darwin": "macOS"}
SettingValue = str | int | bool


def rules(password: str, about: Sequence[str] = ()) -> list[tuple[str, bool]]:
    """Every rule that can be told while typing, and whether it is kept."""
    broken = passwords.unmet(password, about) if password else list(passwords.RULES)
    return [(name, name not in broken) for name in passwords.RULES if name != "reused"]


class Founding:
    """A new agency; its keys are the parts' as soon as the sheet was checked."""

    def __init__(self, parts: Parts) -> None:
        from clementine_crm import bootstrap

        self._parts = parts
        self._real = bootstrap.Founding(parts.home, parts.clock)

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]:
        return rules(password, about)

    def create(self, agency: str, name: str, email: str, password: str) -> Sequence[str]:
        return self._real.create(agency, name, email, password)

    def confirm(self) -> None:
        self._parts.unlocked = self._real.confirm()


@dataclass(frozen=True)
class Person:
    email: str
    name: str = ""


class Unlocking:
    """Opening an existing home. What the page shows is read when this is made."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.persons: Sequence[Person] = ()
        self.key_store = _STORES.get(sys.platform, "Linux") if keystore.available() else ""
        self.remembered = False
        try:
            last = keyfile.last_user(parts.home)
            others = [email for email in keyfile.users(parts.home) if email != last]
            self.persons = [Person(email) for email in (last, *others)]
            self.remembered = parts.key_of(last) is not None
        except ClementineError:
            # Told as ``trouble``; the address can still be typed.
            return

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]:
        return rules(password, about)

    def unlock(self, email: str, password: str, remember: bool) -> None:
        from clementine_crm import bootstrap

        parts = self._parts
        parts.unlocked = bootstrap.unlock(parts.home, email, password, parts.clock)
        home_id = keyfile.home_id(parts.home)
        if remember:
            keystore.keep(home_id, parts.unlocked.email, parts.unlocked.db_key)
        elif self.remembered:
            keystore.forget(home_id, parts.unlocked.email)

    def recover(self, email: str, words: Sequence[str], password: str) -> None:
        parts = self._parts
        Home(parts.home).check_place()
        Home(parts.home).require()
        parts.unlocked = keyfile.set_password_by_recovery(
            parts.home, " ".join(words), email, password
        )


@dataclass(frozen=True)
class OwnPassword:
    """Changing one's own password."""

    home: Path
    email: str
    about: tuple[str, ...]

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]:
        return rules(password, (*self.about, self.email, *about))

    def change(self, current: str, new: str) -> None:
        keyfile.change_password(self.home, self.email, current, new, about=self.about)


class WindowDesk:
    """``bootstrap.Desk`` as the window uses it."""

    def __init__(self, desk: bootstrap.Desk) -> None:
        from clementine_crm.copies import Copies

        self.desk = desk
        engines = desk.engines
        self.copies = Copies(desk.home, desk.unlocked, engines.write, engines.read, desk.clock)
        self.agency = desk.agency
        self.actor = desk.actor
        self.must_change = desk.unlocked.must_change
        self.home = desk.home.folder
        self.clock = desk.clock
        self.reading = desk.reading
        self.pages = desk.pages
        about = (desk.actor.name, self.agency)
        self.passwords = OwnPassword(self.home, desk.unlocked.email, about)

    def execute(self, command: Any, job: JobContext | None = None) -> Outcome[Any]:
        if job is None:
            return self.desk.execute_beside(command)
        return self.desk.execute(command, job)

    def data_version(self) -> int:
        return self.desk.data_version()

    def plugins(self) -> Sequence[PluginRow]:
        return self.desk.plugins.rows()

    def switch_plugin(self, id: str, *, on: bool) -> PluginRow:
        from clementine_crm.services.agencies import ChangeSetting

        self.execute(ChangeSetting(f"plugin.{id}.enabled", "1" if on else "0"))
        return self.desk.use_plugin(id, on=on)

    def set_plugin(self, id: str, values: Mapping[str, SettingValue]) -> PluginRow:
        import json

        from clementine_crm.services.agencies import ChangeSetting

        for key, value in values.items():
            self.execute(ChangeSetting(f"plugin.{id}.set.{key}", json.dumps(value)))
        return self.desk.set_plugin(id, values)

    def doctor(self) -> Sequence[Check]:
        from clementine_crm.doctor import checks

        return checks(self.desk)

    def close(self) -> None:
        self.desk.close()


class Parts:
    """What stands behind the window of one home.

    ``unlocked`` gives keys that are already at hand (a demonstration); ``version`` is shown only.
    """

    def __init__(
        self,
        home: Path,
        *,
        version: str = "",
        clock: Clock | None = None,
        unlocked: Unlocked | None = None,
    ) -> None:
        self.home = home
        self.version = version
        self.clock: Clock = clock or SystemClock()
        self.unlocked = unlocked
        self._locked = False

    def known(self) -> bool:
        return Home(self.home).base.exists() or keyfile.exists(self.home)

    def trouble(self) -> ClementineError | None:
        """Also reads the list of leaked passwords, so that the first key typed need not."""
        passwords.leaked("")
        try:
            Home(self.home).check_place()
            if self.known():
                Home(self.home).require()
                keyfile.users(self.home)
        except ClementineError as error:
            return error
        return None

    def founding(self) -> Founding:
        return Founding(self)

    def unlocking(self) -> Unlocking:
        return Unlocking(self)

    def warm(self) -> None:
        """Import what ``open`` needs, while a password is still being typed."""
        from clementine_crm import bootstrap, doctor  # noqa: F401

    def key_of(self, email: str) -> bytes | None:
        """The base's key in the system's store, when the user allowed it."""
        return keystore.from_key_store(keyfile.home_id(self.home), email)

    def opened_already(self) -> bool:
        if self.unlocked is not None:
            return True
        if self._locked or not keyfile.exists(self.home):
            return False
        try:
            email = keyfile.last_user(self.home)
            key = self.key_of(email)
            if key is not None:
                self.unlocked = keyfile.unlock_with_key(self.home, email, key)
        except ClementineError:
            return False
        return self.unlocked is not None

    def opened_as(self) -> str:
        return self.unlocked.email if self.unlocked is not None else ""

    def open(self) -> WindowDesk:
        from clementine_crm import bootstrap

        if self.unlocked is None:
            raise WrongKey("wrong_password")
        return WindowDesk(bootstrap.open_desk(self.home, self.unlocked, self.clock))

    def forget(self) -> None:
        self.unlocked = None
        # What the store keeps opens the next start, never what was locked since.
        self._locked = True

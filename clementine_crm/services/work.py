"""What every handler is given, and the one way a command is carried out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from typing_extensions import override

from clementine_crm.clock import Clock
from clementine_crm.domain.agency import AuditEvent, Right, Setting, User
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.errors import NotAllowed, NotFound, RuleViolation
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import DocumentText, ItemPayload, Rejection
from clementine_crm.ports import ChangeSet, UnitOfWork

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Entry(Protocol):
    """An item or a rejection, and the plugin that made it."""

    @property
    def entry(self) -> ItemPayload | Rejection: ...

    @property
    def plugin(self) -> str: ...


class TextReader(Protocol):
    """The reader process, as the services see it."""

    def document(self, data: bytes, name: str, password: str = "") -> DocumentText:
        """The text and proposed fields of a document; never raises on bad content."""
        ...

    def stream(self, path: Path, plugin: str | None, job: JobContext) -> Iterator[Entry]:
        """What one file holds, one by one; the plugin is found from the content when None."""
        ...

    def sniff(self, paths: Iterable[Path]) -> list[tuple[Path, str | None, float]]:
        """Which enabled plugin reads each file, None when none does."""
        ...


class Command(Generic[R_co]):
    """A verb: a frozen dataclass of this class. ``needs`` is the right it asks for.

    ``R`` is what its handler returns. ``subjects`` names the dossiers it is about, for the audit.
    """

    needs: ClassVar[Right] = Right.EDIT_PERSONS

    def subjects(self) -> Iterable[Id]:
        return ()


@dataclass(frozen=True)
class OnDossier(Command[R_co]):
    """A verb about one dossier, which the audit names."""

    dossier: Id

    @override
    def subjects(self) -> Iterable[Id]:
        return (self.dossier,)


@dataclass(frozen=True)
class OnItems(Command[R_co]):
    """A verb about incoming items."""

    items: tuple[Id, ...]

    @override
    def subjects(self) -> Iterable[Id]:
        return self.items


@dataclass(frozen=True)
class Outcome(Generic[R_co]):
    """What a command returned and what it changed."""

    result: R_co
    changes: ChangeSet


@dataclass
class Work:
    """One running command: its transaction, who acts, what time it is, and who reads documents."""

    uow: UnitOfWork
    actor: User
    clock: Clock
    reader: TextReader
    job: JobContext = field(default_factory=JobContext)
    changes: ChangeSet = field(default_factory=ChangeSet)

    @property
    def agency(self) -> Id:
        return self.actor.dossier

    def commit(self) -> None:
        """Write what was done so far; a long command commits between two items."""
        self.changes |= self.uow.commit()

    def setting(self, name: str, default: str = "") -> str:
        found = self.uow.find(Setting, name=name)
        return found[-1].value if found else default

    def set_setting(self, name: str, value: str) -> None:
        """A setting is a cell of the agency's dossier: the same row on every desktop."""
        found = self.uow.find(Setting, name=name)
        if found:
            found[-1].value = value
        else:
            row = derived_id(self.agency, f"setting/{name}")
            self.uow.add(Setting(self.agency, name, value, id=row))


Handler = Callable[[Any, Work], Any]
HANDLERS: dict[type, Handler] = {}


def handles(
    command: type[Command[R]],
) -> Callable[[Callable[[Any, Work], R]], Callable[[Any, Work], R]]:
    """Register the one handler of a command."""

    def register(handler: Callable[[Any, Work], R]) -> Callable[[Any, Work], R]:
        if command in HANDLERS:
            raise RuntimeError(f"{command.__name__} has two handlers")
        HANDLERS[command] = handler
        return handler

    return register


class Dispatcher:
    """Carries out commands for one user: right, transaction, handler, audit, commit."""

    def __init__(
        self,
        open_work: Callable[[], UnitOfWork],
        user: str,
        clock: Clock,
        reader: TextReader,
        handlers: Mapping[type, Handler] = HANDLERS,
    ) -> None:
        self._open_work = open_work
        self._user = user
        self._clock = clock
        self._reader = reader
        self._handlers = handlers

    def execute(self, command: Command[R], job: JobContext | None = None) -> Outcome[R]:
        """Do it whole or not at all. Raises ``NotAllowed`` and whatever the handler refuses."""
        handler = self._handlers[type(command)]
        with self._open_work() as uow:
            actor = acting_user(uow, self._user)
            # Nobody is kept waiting while a long command reads its files.
            uow.let_go()
            if not actor.may(command.needs):
                raise NotAllowed("not_allowed", right=command.needs.value)
            work = Work(uow, actor, self._clock, self._reader, job or JobContext())
            result = handler(command, work)
            _audit(command, work)
            work.commit()
            return Outcome(result, work.changes)


def acting_user(uow: UnitOfWork, email: str) -> User:
    """The active account of an e-mail, as a value of its own; NotAllowed ``no_such_user``."""
    found = [user for user in uow.find(User) if user.email.casefold() == email.casefold()]
    if not found or not found[-1].active:
        raise NotAllowed("no_such_user", email=email)
    return User(**{f.name: getattr(found[-1], f.name) for f in fields(User)})


def _audit(command: Command[Any], work: Work) -> None:
    """One line a command and subject, in the dossier of this device's month."""
    now = work.clock.now()
    month = derived_id(work.agency, f"audit/{work.uow.local('device')}/{now:%Y-%m}")
    try:
        work.uow.kind_of(month)
    except NotFound:
        work.uow.open_dossier("audit", month)
    action = re.sub(r"(?<!^)(?=[A-Z])", "_", type(command).__name__).lower()
    subjects: list[Id | None] = list(command.subjects())
    for subject in subjects or [None]:
        work.uow.add(AuditEvent(month, now, action, user=work.actor.id, subject=subject))


def refuse_unless(allowed: bool, key: str, **params: object) -> None:
    """A rule in one line: raise ``RuleViolation`` when it does not hold."""
    if not allowed:
        raise RuleViolation(key, **params)

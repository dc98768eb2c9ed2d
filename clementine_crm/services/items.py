"""One payload becomes one inbox item, completes one, or is already known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from clementine_crm.domain.agency import Role, User
from clementine_crm.domain.candidate import ContactPoint
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.inbox import SET_ASIDE, WAITING, InboxItem
from clementine_crm.domain.mission import OPEN
from clementine_crm.domain.triage import TriageRule, assign
from clementine_crm.domain.values import fold, normalise_email, normalise_phone, tidy_name
from clementine_crm.plugin_api import DocumentText, ItemPayload
from clementine_crm.ports import BatchChange
from clementine_crm.services.documents import ReadFile, add_file
from clementine_crm.services.missions import mission_of
from clementine_crm.services.work import Work

NEW, MERGED, KNOWN = "new", "merged", "known"
ACCEPTED = (NEW, MERGED)
FILES = "files"
"""The source of a file that no plugin claims."""
_FILE = "file:"
_RULES = "triage.rules"


@dataclass(frozen=True)
class Origin:
    """What was said once for a whole import."""

    source: str = ""
    ground: str = "applied"
    last_contact: date | None = None


@dataclass(frozen=True)
class ReadValue:
    """A value of an item, where it was read, and how sure the reader is (1 = said by the source)."""

    name: str
    value: str
    source: str
    evidence: str = ""
    document: str = ""
    line: int = 0
    page: int = 0
    quote: str = ""
    confidence: float = 1.0


@dataclass
class _Reading:
    values: list[ReadValue] = field(default_factory=list)

    def add(self, value: ReadValue) -> None:
        """Keep a value once; a value the source itself gave comes before one proposed from a CV."""
        if all(
            (v.name, v.value.casefold()) != (value.name, value.value.casefold())
            for v in self.values
        ):
            self.values.append(value)


@dataclass(frozen=True)
class Incoming:
    """A payload with its files read: nothing of it has touched the base yet."""

    payload: ItemPayload
    plugin: str
    files: tuple[ReadFile, ...] = ()


@dataclass(frozen=True)
class TakenIn:
    """``outcome`` is new, merged or known; ``item`` the dossier it made or completed."""

    outcome: str
    item: Id | None = None


def take_in(incoming: Incoming, batch: Id, origin: Origin, work: Work) -> TakenIn:
    """Write one payload: a new item, the completion of a waiting one, or nothing."""
    uow, payload = work.uow, incoming.payload
    own = identity(incoming.plugin, payload, work)
    if uow.recall(own) is not None:
        return TakenIn(KNOWN)
    joined, decided = _joined(payload, incoming.plugin, work)
    if decided:
        uow.remember(own, None, batch, "id")
        return TakenIn(KNOWN)
    if joined is not None:
        _complete(joined, incoming, batch, origin, work)
        taken = TakenIn(MERGED, joined.dossier)
    else:
        taken = TakenIn(NEW, _create(incoming, batch, origin, work))
    uow.remember(own, taken.item, batch, "id")
    for key in payload.join_keys:
        role = "names" if key.startswith(_FILE) and not payload.files else "carries"
        uow.remember(uow.mac(f"join|{key}"), taken.item, batch, role)
    return taken


def identity(plugin: str, payload: ItemPayload, work: Work) -> bytes:
    """The only trace of an external identifier: an HMAC under the agency's secret."""
    return work.uow.mac(f"{plugin}|{payload.external_id}")


def _joined(payload: ItemPayload, plugin: str, work: Work) -> tuple[InboxItem | None, bool]:
    """The waiting item of the same submission; or that it was decided already.

    A file's hash joins only where one side names the file without carrying it, or a loose file is
    the very attachment of an item: the same CV sent twice makes two applications. What came by two
    forms is two submissions, even of one person in one second; a row whose form nobody knows (an
    export that lost columns) joins either.
    """
    for key in payload.join_keys:
        known = work.uow.recall(work.uow.mac(f"join|{key}"))
        if known is None:
            continue
        waits = known.dossier is not None and work.uow.kind_of(known.dossier) == "inbox"
        item = work.uow.get(InboxItem, known.dossier) if known.dossier and waits else None
        if key.startswith(_FILE) and not _complementary(known.role, item, payload, plugin):
            continue
        if item is None:
            return None, True
        if _same_form(item, payload):
            return item, False
    return None, False


def _same_form(item: InboxItem, payload: ItemPayload) -> bool:
    """Whether both came by one form, as far as either says; its language may be a guess, so that
    the same words in two languages' forms are one submission.
    """
    if not (item.form and payload.form) or item.form == payload.form:
        return True
    kinds = {form.partition("-")[0] for form in (item.form, payload.form)}
    return len(kinds) == 1 and fold(item.message) == fold(payload.message)


def _complementary(role: str, item: InboxItem | None, payload: ItemPayload, plugin: str) -> bool:
    if plugin == FILES:
        return role == "carries"
    if item is not None and item.channel == FILES:
        return True
    return (role == "names") == bool(payload.files)


def _create(incoming: Incoming, batch: Id, origin: Origin, work: Work) -> Id:
    payload, plugin = incoming.payload, incoming.plugin
    dossier = work.uow.open_dossier("inbox")
    item = InboxItem(
        dossier,
        origin.source or plugin,
        id=dossier,
        kind=payload.kind,
        form=payload.form,
        channel=payload.channel,
        lang=payload.lang,
        received_at=payload.received_at or work.clock.now(),
        last_contact=payload.last_contact,
        ground=origin.ground,
        subject=payload.subject,
        message=payload.message,
        reference=payload.reference,
        position=payload.position,
        company=payload.company,
        status=SET_ASIDE if payload.set_aside else WAITING,
        set_aside=payload.set_aside,
        consents=_consents(payload),
        left_out="\n".join(sorted(payload.left_out)),
        warnings=" ".join(payload.warnings),
        tags=", ".join(payload.tags),
        evidence=payload.evidence,
        batch=batch,
    )
    work.uow.add(item)
    reading = _Reading(_said(payload, plugin))
    _add_files(item, incoming.files, reading, work)
    _settle(item, reading, work)
    work.uow.note_change(batch, BatchChange(dossier, None))
    return dossier


def _complete(item: InboxItem, incoming: Incoming, batch: Id, origin: Origin, work: Work) -> None:
    """Fill what is blank, add the files that are missing; what was read first stays."""
    payload = incoming.payload
    work.uow.note_change(batch, BatchChange(item.id, work.uow.encoded(item.id)))
    if payload.form and not item.form:
        item.kind = payload.kind
    if item.channel == FILES and payload.channel != FILES:
        # The file was found first; how, when and why it came is what the message says.
        item.source = origin.source or incoming.plugin
        item.channel, item.ground = payload.channel, origin.ground
        item.received_at = payload.received_at or item.received_at
        item.last_contact = payload.last_contact
        item.evidence = payload.evidence
    for name in ("subject", "message", "reference", "position", "company", "form", "lang"):
        if not getattr(item, name):
            setattr(item, name, getattr(payload, name))
    if payload.consents and item.consents == "[]":
        item.consents = _consents(payload)
    item.left_out = "\n".join(sorted({*item.left_out.splitlines(), *payload.left_out}))
    held = read_values(item)
    reading = _Reading([value for value in held if value.source != "cv"])
    for value in (*_said(payload, incoming.plugin), *(v for v in held if v.source == "cv")):
        reading.add(value)
    _add_files(item, incoming.files, reading, work)
    _settle(item, reading, work)


def read_values(item: InboxItem) -> list[ReadValue]:
    return [ReadValue(**value) for value in json.loads(item.fields)]


def _said(payload: ItemPayload, plugin: str) -> list[ReadValue]:
    """The source's own values, in one form: e-mails folded, phones E.164 where they can be."""
    values = []
    for given in payload.fields:
        value: str | None = given.value
        if given.name == "email":
            value = normalise_email(given.value)
        elif given.name == "phone":
            value = normalise_phone(given.value)
        elif given.name in {"given_name", "family_name"}:
            value = tidy_name(given.value)
        if value:
            values.append(ReadValue(given.name, value, plugin, given.evidence or given.value))
    return values


def _add_files(item: InboxItem, files: Iterable[ReadFile], reading: _Reading, work: Work) -> None:
    for read in files:
        document = add_file(work, item.id, read, item.received_at)
        if document is None or read.file.role not in {"cv", ""}:
            continue
        for value in values_of(read.text, document.id):
            reading.add(value)
        item.lang = item.lang or read.text.language


def _settle(item: InboxItem, reading: _Reading, work: Work) -> None:
    """The item's name, addresses, mission and consultant, from all that was read."""
    write_values(item, reading.values, work)
    mission = mission_of(work.uow, item.reference)
    item.mission = mission.id if mission and mission.status == OPEN else None
    item.consultant = _consultant(item, work) or (mission.owner if mission else None)


def write_values(item: InboxItem, values: Sequence[ReadValue], work: Work) -> None:
    """The item says these values from now on: its name and addresses are theirs."""
    item.fields = json.dumps([asdict(v) for v in values], ensure_ascii=False)
    for cell in ("given_name", "family_name"):
        setattr(item, cell, next((v.value for v in values if v.name == cell), ""))
    said = {v.name for v in values if v.source != "cv"}
    # An address of the CV counts where the source gave none: the sender's own word comes first.
    wanted = {
        (v.name, v.value): v
        for v in values
        if v.name in {"email", "phone"} and (v.source != "cv" or v.name not in said)
    }
    held = {(p.kind, p.value): p for p in work.uow.find(ContactPoint, dossier=item.id)}
    for place, point in held.items():
        if place not in wanted:
            work.uow.take_away(point)
    for kind, value in wanted:
        if (kind, value) not in held:
            row = derived_id(item.id, f"{kind}/{value}")
            work.uow.add(ContactPoint(item.id, kind, value, id=row))


def values_of(text: DocumentText, document: Id) -> list[ReadValue]:
    """What was proposed from a CV, with the places it was read from."""
    return [
        ReadValue(
            f.name, f.value, "cv", "", document.hex(), f.place.line, f.place.page, f.place.quote,
            f.confidence,
        )
        for f in text.fields
    ]  # fmt: skip


def _consultant(item: InboxItem, work: Work) -> Id | None:
    """The first rule that fits gives the consultant; without one the office manager has it."""
    rules = [TriageRule(**rule) for rule in json.loads(work.setting(_RULES, "[]"))]
    email = assign(item, rules)
    users = work.uow.find(User)
    if email:
        return next((u.id for u in users if u.email == email and u.active), None)
    return next((u.id for u in users if u.active and Role.MANAGER in u.roles.split()), None)


def _consents(payload: ItemPayload) -> str:
    return json.dumps([c.model_dump(mode="json") for c in payload.consents], ensure_ascii=False)

"""A working day by dice: commands of every kind on one desktop, dossiers out and in as files."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgpack
from desks import Desk

from clementine_crm.domain.agency import Role
from clementine_crm.dossier.encoding import decode
from clementine_crm.dossier.state import ABSENT, ADD_WINS, DEAD, NEVER, Cell, Dossier, Row, Written
from clementine_crm.errors import ClementineError
from clementine_crm.plugin_api import ItemPayload
from clementine_crm.plugin_api.payloads import ConsentEvidence, FieldValue, FileData
from clementine_crm.services.activities import AddCall, AddNote, AddTask, CompleteTask
from clementine_crm.services.agencies import AddUser, ChangeSetting
from clementine_crm.services.batches import UndoBatch
from clementine_crm.services.candidates import (
    CELLS,
    AddCandidate,
    AddContactPoint,
    AddDocument,
    AddTags,
    CellEdit,
    EditCandidate,
    RemoveRow,
)
from clementine_crm.services.clients import AddClient
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.missions import AddMission, CloseMission, ReopenMission
from clementine_crm.services.triage import (
    AskForMore,
    CloseWeek,
    DiscardItems,
    FinishDiscards,
    KeepItems,
    PutOff,
    UndoTriage,
)

GIVEN = ["Zoé", "Noé", "Inès", "Anaïs", "Loïc", "Maël", "Chloé", "Rémi"]
FAMILY = ["Brûlé", "Lefèvre", "Nguyễn", "O’Brien", "Müller", "D’Arc", "Peña", "Øster"]
WORDS = ["compta", "paie", "Lyon", "trésorerie", "audit", "SAP", "bilingue", "senior"]
# Two desktops mostly work on the same few dossiers: that is where they disagree.
HOT = 6


@dataclass(frozen=True)
class Edit:
    """A cell written by one desktop, as its base holds it once the command returned."""

    dossier: bytes
    table: str
    row: bytes
    cell: str
    value: Cell
    written: Written


class Recruiter:
    """Works on one desktop; remembers every edit that was acknowledged."""

    def __init__(self, desk: Desk, dice: random.Random) -> None:
        self.desk = desk
        self.dice = dice
        self.edits: list[Edit] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._serial = 0
        self._files = 0
        self._given: dict[bytes, bytes] = {}
        self.acts = dict(ACTS)
        self.words = WORDS

    def work(self, commands: int) -> None:
        """So many commands; a command the rules refuse counts, and changes nothing."""
        for _ in range(commands):
            (act,) = self.dice.choices(list(self.acts), list(self.acts.values()))
            command = act(self)
            if command is None:
                command = AddNote(self.agency(), self._text())
            self._carry_out(command)

    def _carry_out(self, command) -> None:
        before = self.desk.hybrid.last
        try:
            outcome = self.desk.dispatcher.execute(command)
        except ClementineError as refusal:
            self.refused[f"{type(command).__name__} {refusal.key}"] += 1
            return
        self.done[type(command).__name__] += 1
        for dossier in sorted(outcome.changes.ids):
            self._note(dossier, before)

    def _note(self, dossier: bytes, before: int) -> None:
        kind = self.desk.rows("SELECT kind FROM dossier_key WHERE dossier = ?", dossier)
        if not kind or kind[0][0] == "audit":
            return
        state = self.desk.state(dossier)
        if isinstance(state, Dossier):
            for table, rows in state.rows.items():
                for id, row in rows.items():
                    self._note_row(dossier, table, id, row, before)

    def _note_row(self, dossier: bytes, table: str, id: bytes, row: Row, before: int) -> None:
        for name, value in row.cells.items():
            mark = row.written(name)
            if mark.at.device == self.desk.number and mark.at.clock > before:
                self.edits.append(Edit(dossier, table, id, name, value, mark))

    # what there is to work on

    def _some(self, statement: str, *values) -> bytes | None:
        found = self.desk.rows(statement, *values)
        if not found:
            return None
        near = found[:HOT] if self.dice.random() < 0.7 else found
        return self.dice.choice(near)[0]

    def agency(self) -> bytes:
        return self._some("SELECT id FROM agency")

    def candidate(self) -> bytes | None:
        return self._some("SELECT id FROM candidate WHERE dead = 0 ORDER BY id")

    def item(self) -> bytes | None:
        return self._some(
            "SELECT id FROM inbox_item WHERE dead = 0 AND status <> 'discarding' ORDER BY id"
        )

    def mission(self) -> str:
        found = self.desk.rows("SELECT reference FROM mission WHERE status = 'open' ORDER BY id")
        return self.dice.choice(found)[0] if found and self.dice.random() < 0.7 else ""

    def _text(self) -> str:
        self._serial += 1
        return (
            f"{self.dice.choice(WORDS)} {self.dice.choice(WORDS)} {self.desk.number}-{self._serial}"
        )

    def _email(self) -> str:
        # Few addresses, so that persons are met again.
        return f"p{self.dice.randrange(40)}@mail.example"

    def _file(self) -> FileData:
        text = f"CV de {self.dice.choice(GIVEN)}\n{self._text()}\n{self._email()}"
        return FileData(name="cv.txt", media_type="text/plain", data=text.encode(), role="cv")

    # files between desktops

    def export(self, folder: Path, everything: bool = False) -> list[Path]:
        """Each dossier that changed since the last time as a file of its own: key and bytes."""
        written = []
        for id, data in self.desk.states().items():
            if everything or self._given.get(id) != data:
                self._given[id] = data
                self._files += 1
                path = folder / f"{self._files:06d}-{self.desk.number}.dossier"
                path.write_bytes(msgpack.packb([self.desk.key(id), data]))
                written.append(path)
        return written

    def receive(self, files: list[Path]) -> Counter[str]:
        """Join files as they come, some a transaction."""
        outcomes: Counter[str] = Counter()
        left = list(files)
        while left:
            size = self.dice.randint(1, 60)
            some, left = left[:size], left[size:]
            with self.desk.work() as uow:
                for path in some:
                    key, data = msgpack.unpackb(path.read_bytes())
                    outcomes[uow.join(data, key).outcome] += 1
                uow.commit()
        return outcomes

    def lost(self) -> set[tuple]:
        """What waits for review: (table, row, cell, clock, device)."""
        return set(self.desk.rows("SELECT tbl, row, cell, lost_clock, lost_dev FROM conflict"))


# ── one act each ──────────────────────────────────────────────────────────────────────────────


def _add_candidate(r: Recruiter):
    ground = r.dice.choice(["applied", "applied", "sourced", "unknown"])
    return AddCandidate(
        r.dice.choice(GIVEN),
        r.dice.choice(FAMILY),
        "Salon de l’emploi",
        ground,
        email=r._email() if r.dice.random() < 0.8 else "",
        town=r.dice.choice(["Lyon", "Nantes", ""]),
        mission=r.mission() if ground == "applied" else "",
        last_contact=r.desk.clock.today() if ground == "unknown" else None,
        files=(r._file(),) if r.dice.random() < 0.3 else (),
        tags=tuple(r.dice.sample(WORDS, r.dice.randint(0, 2))),
    )


def _edit_candidate(r: Recruiter):
    id = r.candidate()
    if id is None:
        return None
    edits = []
    for cell in r.dice.sample(
        ["headline", "town", "availability", "given_name"], r.dice.randint(1, 2)
    ):
        assert cell in CELLS
        ((was,),) = r.desk.rows(f"SELECT {cell} FROM candidate WHERE id = ?", id)
        edits.append(CellEdit(cell, was, r.dice.choice(["", *WORDS[:3], r._text()])))
    return EditCandidate(id, tuple(edits))


def _add_point(r: Recruiter):
    id = r.candidate()
    return id and AddContactPoint(id, "email", r._email())


def _add_tags(r: Recruiter):
    id = r.candidate()
    return id and AddTags(id, tuple(r.dice.sample(r.words, r.dice.randint(1, 2))))


def _remove_row(r: Recruiter):
    table = r.dice.choice(["tag", "tag", "contact_point"])
    found = r.desk.rows(
        f"SELECT t.dossier, t.id FROM {table} t JOIN candidate c ON c.id = t.dossier"
        " WHERE t.dead = 0 ORDER BY t.dossier, t.id"
    )
    if not found:
        return None
    dossier, row = r.dice.choice(found[: 2 * HOT] if r.dice.random() < 0.7 else found)
    return RemoveRow(dossier, row, table)


def _add_document(r: Recruiter):
    id = r.candidate()
    return id and AddDocument(id, r._file())


def _anything(r: Recruiter) -> bytes | None:
    return r.candidate() if r.dice.random() < 0.8 else r._some("SELECT id FROM mission ORDER BY id")


def _add_note(r: Recruiter):
    id = _anything(r)
    return id and AddNote(id, r._text())


def _add_call(r: Recruiter):
    id = r.candidate()
    outcome = r.dice.choice(["reached", "voicemail", "no_answer"])
    return id and AddCall(id, outcome, r._text(), "Rappeler", r.desk.clock.today())


def _add_task(r: Recruiter):
    id = _anything(r)
    return id and AddTask(id, r._text(), r.desk.clock.today())


def _complete_task(r: Recruiter):
    id = r._some("SELECT id FROM task WHERE dead = 0 ORDER BY id")
    return id and CompleteTask(id, done=r.dice.random() < 0.7)


def _add_mission(r: Recruiter):
    return AddMission(f"M-{r.desk.number}-{r.dice.randrange(10_000)}", r._text(), client=r._text())


def _close_mission(r: Recruiter):
    reference = r._some("SELECT reference FROM mission WHERE status = 'open' ORDER BY id")
    return reference and CloseMission(reference)


def _reopen_mission(r: Recruiter):
    id = r._some("SELECT id FROM mission ORDER BY id")
    return id and ReopenMission(id)


def _add_client(r: Recruiter):
    return AddClient(r._text(), r.dice.choice(["Lyon", ""]))


def _change_setting(r: Recruiter):
    return ChangeSetting(f"essai.{r.dice.randrange(5)}", r._text())


def _add_user(r: Recruiter):
    return AddUser(f"u{r.dice.randrange(30)}@cabinet.example.org", r._text(), Role.RECRUITER)


def _take_in(r: Recruiter):
    return TakePayloads(tuple(_payload(r) for _ in range(r.dice.randint(1, 3))), "mail_files")


def _payload(r: Recruiter) -> ItemPayload:
    box = ConsentEvidence(purpose="POOL", label="Vivier", answer="oui", form="spontanee")
    enquiry = r.dice.random() < 0.1
    return ItemPayload(
        # Some are the same message on both desktops.
        external_id=f"<{r.dice.randrange(10**9)}@mail.example>",
        kind="enquiry" if enquiry else "application",
        channel="e_mail",
        received_at=r.desk.clock.now(),
        fields=(
            FieldValue(name="given_name", value=r.dice.choice(GIVEN)),
            FieldValue(name="family_name", value=r.dice.choice(FAMILY)),
            *([FieldValue(name="email", value=r._email())] if r.dice.random() < 0.9 else []),
        ),
        subject=r._text(),
        message=r._text(),
        company=r._text() if enquiry else "",
        files=(r._file(),) if r.dice.random() < 0.5 else (),
        consents=(box,) if r.dice.random() < 0.5 else (),
        tags=tuple(r.dice.sample(WORDS, r.dice.randint(0, 2))),
    )


def _keep(r: Recruiter):
    id = r.item()
    known = r.candidate() if r.dice.random() < 0.3 else None
    return id and KeepItems((id,), mission=r.mission(), known=known)


def _discard(r: Recruiter):
    id = r.item()
    return id and DiscardItems((id,), at_once=r.dice.random() < 0.5)


def _finish_discards(r: Recruiter):
    return FinishDiscards(all=r.dice.random() < 0.5)


def _put_off(r: Recruiter):
    id = r.item()
    return id and PutOff((id,))


def _ask(r: Recruiter):
    id = r.item()
    return id and AskForMore((id,))


def _undo_triage(_r: Recruiter):
    return UndoTriage()


def _close_week(_r: Recruiter):
    return CloseWeek()


def _undo_batch(r: Recruiter):
    id = r._some("SELECT id FROM import_batch ORDER BY id")
    return id and UndoBatch(id)


ACTS = {
    _add_candidate: 6,
    _edit_candidate: 14,
    _add_point: 4,
    _add_tags: 8,
    _remove_row: 8,
    _add_document: 3,
    _add_note: 6,
    _add_call: 5,
    _add_task: 4,
    _complete_task: 6,
    _add_mission: 1,
    _close_mission: 2,
    _reopen_mission: 2,
    _add_client: 1,
    _change_setting: 4,
    _add_user: 1,
    _take_in: 8,
    _keep: 8,
    _discard: 3,
    _finish_discards: 1,
    _put_off: 2,
    _ask: 1,
    _undo_triage: 4,
    _close_week: 1,
    _undo_batch: 1,
}


QUARREL = {_edit_candidate: 6, _add_tags: 6, _remove_row: 6}
"""What two desktops can do to the same few rows."""


# ── nothing acknowledged is lost ──────────────────────────────────────────────────────────────


def untold(edits: list[Edit], states: dict[bytes, bytes], lost: set[tuple]) -> list[Edit]:
    """The edits that are neither the value, nor history, nor waiting for review.

    History: somebody wrote over the edit having held it, or had it erased with its dossier.
    """
    final = {id: decode(data) for id, data in states.items()}
    over = {(e.table, e.row, e.cell, e.written.replaced) for e in edits}
    removed = {(e.table, e.row, e.written.at) for e in edits if e.cell == DEAD}
    lost_rows = {(table, row, *at) for table, row, _, *at in lost}
    later: dict[tuple, list[Edit]] = {}
    for e in edits:
        later.setdefault((e.table, e.row, e.cell), []).append(e)

    def told(e: Edit) -> bool:
        state = final.get(e.dossier)
        if not isinstance(state, Dossier):
            return state is not None
        row = state.rows[e.table][e.row]
        if row.cell(e.cell) == e.value or (e.table, e.row, e.cell, e.written.at) in over:
            return True
        if (e.table, e.row, e.cell, *e.written.at) in lost:
            return True
        # A putting back speaks through the words that came with it.
        if e.cell == DEAD and e.value is ABSENT and (e.table, e.row, *e.written.at) in lost_rows:
            return True
        # A removal's blanks speak through its one mark; what is gone needs no blank.
        blank = e.value is ABSENT and e.cell != DEAD
        if blank and (row.dead or (e.table, e.row, e.written.at) in removed):
            return True
        # The same value from the other desktop, which stands for both.
        return any(
            o.value == e.value
            and o.written.at.device != e.written.at.device
            and (o.written.at > e.written.at or e.table in ADD_WINS)
            for o in later[e.table, e.row, e.cell]
        )

    return [e for e in edits if not told(e)]


def wrongly_there(edits: list[Edit], states: dict[bytes, bytes]) -> list[tuple]:
    """Rows named by what they say that are gone though an adding was not seen by any removal, there
    though the last was, or there without what they say.
    """
    added: dict[tuple, list] = {}
    removed: dict[tuple, list] = {}
    for e in edits:
        if e.table in ADD_WINS:
            place = (e.dossier, e.table, e.row)
            if e.cell == DEAD and e.value is not ABSENT:
                removed.setdefault(place, []).append(e.written.replaced)
            elif e.cell == DEAD or e.written.replaced == NEVER:
                added.setdefault(place, []).append(e.written.at)
    wrong = []
    for place, stamps in added.items():
        state = decode(states[place[0]])
        if isinstance(state, Dossier):
            row = state.rows[place[1]][place[2]]
            says = [row.cell(name) for name in ("name", "value") if name in row.cells]
            gone = max(removed.get(place, [NEVER])) >= max(stamps)
            mute = place[1] in {"tag", "contact_point"} and ABSENT in (says or [ABSENT])
            if row.dead != gone or (mute and not gone):
                wrong.append(place)
    return wrong

"""The program of a year from now: two columns and a table more, and commands that write them.

Imported only in the process of ``newer_program.py``: tables are mapped once in a program's life.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from play import Recruiter
from sqlalchemy import Column, Integer, Text, text

from clementine_crm.domain.activity import Task
from clementine_crm.domain.candidate import Candidate
from clementine_crm.domain.ids import Id, new_id
from clementine_crm.services.work import OnDossier, handles
from clementine_crm.store import columns, mapping, migrate, tables

tables.candidate.append_column(Column("pronouns", Text, nullable=False, server_default=""))
tables.task.append_column(Column("weight", Integer, nullable=False, server_default=text("2")))
interview = columns.synced(
    "interview", columns.text("place"), columns.number("round", 1), columns.at("held_at")
)

MIGRATION = """
from alembic import op
from clementine_crm.store.sql import stamping
revision = "newer"
down_revision = "{head}"

def upgrade():
    op.execute("ALTER TABLE candidate ADD COLUMN pronouns TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE task ADD COLUMN weight INTEGER NOT NULL DEFAULT 2")
    # A data migration gives every desktop the same, and keeps each cell's clock.
    op.execute("UPDATE task SET weight = 5 WHERE text LIKE '%SAP%' AND dead = 0")
    op.execute(
        "CREATE TABLE interview (rid INTEGER NOT NULL PRIMARY KEY, id BLOB NOT NULL UNIQUE, "
        "dossier BLOB NOT NULL, place TEXT NOT NULL DEFAULT '', round INTEGER NOT NULL DEFAULT 1, "
        "held_at INTEGER, dead BOOLEAN NOT NULL DEFAULT 0, clock INTEGER NOT NULL DEFAULT 0, "
        "dev INTEGER NOT NULL DEFAULT 0, cells BLOB, extra BLOB)"
    )
    op.execute("CREATE INDEX ix_interview_dossier ON interview (dossier)")
    for name, cells in {cells!r}.items():
        for end in ("inserted", "updated", "kept"):
            op.execute(f"DROP TRIGGER IF EXISTS {{name}}_{{end}}")
        for statement in stamping(name, cells):
            op.execute(statement)
"""


def write_versions(folder: Path) -> Path:
    """A folder of today's migrations and the one of next year."""
    versions = folder / "versions"
    shutil.copytree(migrate.VERSIONS, versions)
    cells = {
        table.name: tables.cells_of(table) for table in (tables.candidate, tables.task, interview)
    }
    (versions / "newer.py").write_text(MIGRATION.format(head=migrate.head(), cells=cells))
    return versions


@dataclass(eq=False)
class Interview:
    dossier: Id
    place: str
    id: Id = field(default_factory=new_id)
    round: int = 1
    held_at: datetime | None = None


mapping.TABLE_OF[Interview] = interview


@dataclass(frozen=True)
class SetPronouns(OnDossier[None]):
    pronouns: str


@handles(SetPronouns)
def set_pronouns(command, work):
    work.uow.get(Candidate, command.dossier).pronouns = command.pronouns


@dataclass(frozen=True)
class WeighTask(OnDossier[None]):
    task: Id
    weight: int


@handles(WeighTask)
def weigh_task(command, work):
    work.uow.get(Task, command.task).weight = command.weight


@dataclass(frozen=True)
class Meet(OnDossier[None]):
    place: str


@handles(Meet)
def meet(command, work):
    work.uow.add(Interview(command.dossier, command.place, held_at=work.clock.now()))


@dataclass(frozen=True)
class Postpone(OnDossier[None]):
    interview: Id
    cancel: bool


@handles(Postpone)
def postpone(command, work):
    held = work.uow.get(Interview, command.interview)
    held.round += 1
    if command.cancel:
        work.uow.take_away(held)


def _pronouns(r: Recruiter):
    id = r.candidate()
    return id and SetPronouns(id, r.dice.choice(["elle", "il", "iel", ""]))


def _weigh(r: Recruiter):
    found = r.desk.rows("SELECT dossier, id FROM task WHERE dead = 0 ORDER BY id LIMIT 9")
    return WeighTask(*r.dice.choice(found), r.dice.randrange(4)) if found else None


def _meet(r: Recruiter):
    id = r.candidate()
    return id and Meet(id, r._text())


def _postpone(r: Recruiter):
    found = r.desk.rows("SELECT dossier, id FROM interview WHERE dead = 0 ORDER BY id LIMIT 9")
    return Postpone(*r.dice.choice(found), r.dice.random() < 0.3) if found else None


ACTS = {_pronouns: 6, _weigh: 6, _meet: 6, _postpone: 6}

"""The demonstration agency: invented people of ``resources/demo``, in through the real intake.

Its day is always the day its files were written on: received dates, red items and deadlines are the
same whenever it is shown.
"""

from __future__ import annotations

import json
import secrets
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from typing_extensions import override

from clementine_crm.bootstrap import ROOT, Desk, found, open_desk
from clementine_crm.clock import PARIS
from clementine_crm.domain.agency import Role
from clementine_crm.jobs import JobContext
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.plugin_api import ConsentEvidence, FieldValue, FileData, ItemPayload
from clementine_crm.services.activities import AddCall, AddNote, AddTask, CompleteTask
from clementine_crm.services.agencies import AddUser, ChangeSetting
from clementine_crm.services.clients import AddClient
from clementine_crm.services.intake import ImportFiles, TakePayloads
from clementine_crm.services.lawful import APPLIED, SOURCED, UNKNOWN
from clementine_crm.services.missions import AddMission, CloseMission
from clementine_crm.services.triage import CloseWeek, KeepItems

DEMO = ROOT / "resources" / "demo"
_MORNING = time(9, 12)
_GROUNDS = {"application": APPLIED, "consent": APPLIED, "sourced": SOURCED, "unknown": UNKNOWN}
_SOURCES = {"form": "website_forms", "mail": "mail_files", "folder": "files"}
_PURPOSES = ("POOL", "NEWS", "APPLICATION", "CONTACT")


class DemoClock:
    """The demonstration's own time: it may be set back while the past is made, then runs on."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._start = datetime.now(UTC)
        self._at = datetime.combine(day, _MORNING, PARIS).astimezone(UTC)

    def set(self, moment: datetime) -> None:
        self._start = datetime.now(UTC)
        self._at = moment.astimezone(UTC)

    def days_ago(self, days: float) -> datetime:
        """A moment of an earlier day; halves are the afternoon before."""
        return datetime.combine(self.day, _MORNING, PARIS).astimezone(UTC) - timedelta(days)

    def now(self) -> datetime:
        return self._at + (datetime.now(UTC) - self._start)

    def today(self) -> date:
        return self.now().astimezone(PARIS).date()


class StillClock(DemoClock):
    """For pictures: time stands still."""

    @override
    def now(self) -> datetime:
        return self._at


@dataclass(frozen=True)
class Demonstration:
    """A filled home, its keys and its time. The password is kept in memory and told once."""

    home: Path
    unlocked: Unlocked
    clock: DemoClock
    password: str


def demonstration(folder: Path, job: JobContext, *, still: bool = False) -> Demonstration:
    """Found and fill the demonstration agency in an empty folder."""
    plan = tomllib.loads((DEMO / "agency.toml").read_text("utf-8"))
    clock = (StillClock if still else DemoClock)(plan["agency"]["written_on"])
    first = next(u for u in plan["users"] if u["role"] == Role.MANAGER)
    password = f"{secrets.token_urlsafe(18)}aZ7!"
    clock.set(clock.days_ago(400))
    agency = plan["agency"]["name"]
    unlocked, _ = found(folder, agency, first["name"], first["email"], password, clock)
    with _open(folder, unlocked, clock) as desk:
        _set_up(desk, plan, first["email"])
    # Plugins read their settings when a desk opens.
    with _open(folder, unlocked, clock) as desk:
        _live(desk, clock, plan, job)
    return Demonstration(folder, unlocked, clock, password)


@contextmanager
def _open(folder: Path, unlocked: Unlocked, clock: DemoClock) -> Iterator[Desk]:
    desk = open_desk(folder, unlocked, clock)
    try:
        yield desk
    finally:
        desk.close()


def _set_up(desk: Desk, plan: dict[str, Any], founder: str) -> None:
    for user in plan["users"]:
        if user["email"] != founder:
            desk.execute(AddUser(user["email"], user["name"], Role(user["role"])))
    for client in plan["clients"]:
        desk.execute(AddClient(client["name"], client["town"]))
    for plugin, settings in plan["plugins"].items():
        for name, value in settings.items():
            desk.execute(ChangeSetting(f"plugin.{plugin}.set.{name}", json.dumps(value)))
    of: dict[str, list[str]] = {}
    for mission in plan["missions"]:
        of.setdefault(mission["consultant"], []).append(mission["reference"])
    rules = [{"consultant": who, "reference": ", ".join(refs)} for who, refs in of.items()]
    desk.execute(ChangeSetting("triage.rules", json.dumps(rules)))


Act = Callable[[], object]


def _live(desk: Desk, clock: DemoClock, plan: dict[str, Any], job: JobContext) -> None:
    """Everything that happened, in the order in which it did; then what came in and waits."""
    acts = sorted(_past(desk, clock, plan), key=lambda act: -act[0])
    for number, (days, act) in enumerate(acts):
        job.cancel.check()
        job.progress(number, len(acts), "")
        clock.set(clock.days_ago(days))
        act()
    clock.set(clock.days_ago(0))
    desk.execute(ImportFiles((DEMO / "inbox",)), job)


def _past(desk: Desk, clock: DemoClock, plan: dict[str, Any]) -> Iterator[tuple[float, Act]]:
    """(days ago, what happened)."""
    for mission in plan["missions"]:
        days = mission["opened_days_ago"]
        # Applications of former months name missions: all are open before the first is kept.
        yield max(days, 380), _opening(desk, mission)
        if mission["status"] == "closed":
            yield 1, _closing(desk, mission["reference"])
    for line in (DEMO / "kept.jsonl").read_text("utf-8").splitlines():
        yield from _person(desk, clock, json.loads(line))
    for weeks in range(1, 5):
        yield 7 * weeks + clock.day.weekday() - 4, lambda: desk.execute(CloseWeek())


def _opening(desk: Desk, mission: dict[str, Any]) -> Act:
    command = AddMission(
        mission["reference"],
        mission["title"],
        mission["client"],
        mission["lang"],
        mission["criteria"],
    )
    return lambda: desk.execute(command)


def _closing(desk: Desk, reference: str) -> Act:
    return lambda: desk.execute(CloseMission(reference))


def _person(desk: Desk, clock: DemoClock, line: dict[str, Any]) -> Iterator[tuple[float, Act]]:
    kept: list[bytes] = []

    def keep() -> None:
        source, ground = _SOURCES[line["source"]], _GROUNDS[line["ground"]]
        contact = clock.day - timedelta(line["last_contact_days_ago"])
        payload = _payload(line, clock, contact)
        taken = desk.execute(
            TakePayloads((payload,), source, source, ground, contact if ground == UNKNOWN else None)
        ).result
        reference, spontaneous = line["mission"], not line["mission"]
        made = desk.execute(KeepItems(taken.items, reference, spontaneous=spontaneous)).result
        kept.append(made[0].dossier)

    yield line["kept_days_ago"], keep
    for activity in line["activities"]:
        # Half a day later: never before the keep of the same day.
        days = min(activity["days_ago"], line["kept_days_ago"]) - 0.5
        yield days, _activity(desk, kept, activity)
    for task in line["tasks"]:
        yield 0, _task(desk, kept, clock, task)


def _payload(line: dict[str, Any], clock: DemoClock, contact: date) -> ItemPayload:
    path = DEMO / line["file"]
    received = clock.days_ago(line["received_days_ago"])
    boxes = tuple(
        ConsentEvidence(
            purpose=box["purpose"],
            label=box["label"],
            answer=box["answer"],
            form=box["form"],
            notice_version=box["notice_version"],
            given_at=clock.days_ago(box["given_days_ago"]),
        )
        for box in line["consents"]
        if box["purpose"] in _PURPOSES
    )
    fields = tuple(
        FieldValue(name=name, value=value) for name, value in line["fields"].items() if value
    )
    if line["headline"]:
        fields += (FieldValue(name="headline", value=line["headline"]),)
    return ItemPayload(
        external_id=line["id"],
        received_at=received,
        last_contact=contact,
        channel={"form": "web_form", "mail": "e_mail"}.get(line["source"], "files"),
        form=line["form"],
        lang=line["lang"],
        fields=fields,
        message=line["message"],
        reference=line["mission"],
        position=line["position"],
        files=(FileData(name=path.name, data=path.read_bytes(), role="cv"),),
        consents=boxes,
        tags=tuple(line["tags"]),
        evidence=path.name,
    )


def _activity(desk: Desk, kept: list[bytes], activity: dict[str, Any]) -> Act:
    def act() -> None:
        if activity["kind"] == "call":
            outcome = "no_answer" if activity.get("outcome") == "pas de réponse" else "reached"
            desk.execute(AddCall(kept[0], outcome, activity["text"], activity.get("next_step", "")))
        else:
            desk.execute(AddNote(kept[0], activity["text"]))

    return act


def _task(desk: Desk, kept: list[bytes], clock: DemoClock, task: dict[str, Any]) -> Act:
    def act() -> None:
        due = clock.day + timedelta(task["due_in_days"])
        made = desk.execute(AddTask(kept[0], task["text"], due)).result
        if task["done"]:
            desk.execute(CompleteTask(made))

    return act

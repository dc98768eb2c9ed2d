"""What comes in: counted once, taken in once, taken back whole; stopped and pulled out without loss."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.values import fold
from clementine_crm.errors import Cancelled, NotFound, RuleViolation, ValidationError
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import FieldValue, FileData, ItemPayload
from clementine_crm.queries import house
from clementine_crm.queries.inbox import inbox, item
from clementine_crm.services.batches import UndoBatch
from clementine_crm.services.intake import ImportFiles, ImportReport, TakePayloads
from clementine_crm.services.triage import DiscardItems, KeepItems
from clementine_crm.store import engine, residue
from tests.support.agency import Founded, TestClock
from tests.support.dump import logical
from tests.support.exports import email_of, flamingo

CV = "{name}\n{email}\n06 39 98 {n:02} 00\nComptable, Excel et Sage 100, mot rare xylo{n}phage\n"


def bring(desk: Desk, *paths: Path, **more: object) -> ImportReport:
    report: ImportReport = desk.execute(ImportFiles(paths, **more), JobContext()).result  # type: ignore[arg-type]
    assert report.read == report.accepted + report.already_known + len(report.rejected)
    return report


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A USB key: CVs in subfolders, a table and litter among them."""
    root = tmp_path / "clé USB"
    for n in range(12):
        folder = root / ("Comptabilité" if n % 2 else "Paie/Lyon")
        folder.mkdir(parents=True, exist_ok=True)
        text = CV.format(name=f"Personne Essai{n}", email=email_of(n), n=n)
        (folder / f"cv {n}.txt").write_text(text, "utf-8")
    (root / "liste.csv").write_text("nom;ville\nA;B\nC;D\n", "utf-8")
    (root / "Thumbs.db").write_bytes(b"litter")
    (root / ".caché").mkdir()
    (root / ".caché" / "x.txt").write_text("hidden", "utf-8")
    (root / "vide.pdf").write_bytes(b"")
    return root


def marks(root: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p.relative_to(root)): (
            hashlib.sha256(p.read_bytes()).hexdigest(),
            p.stat().st_mtime_ns,
        )
        for p in root.rglob("*")
        if p.is_file()
    }


def test_a_folder_of_cvs_comes_in_with_its_folders_as_tags(desk: Desk, key: Path) -> None:
    before = marks(key)
    report = bring(
        desk, key, source="Salon de Lyon", ground="unknown", last_contact=date(2026, 3, 1)
    )
    assert marks(key) == before
    assert (report.read, report.accepted, len(report.rejected)) == (14, 12, 2)
    assert {(r.path, r.reason) for r in report.rejected} == {
        ("liste.csv", "no_source"),
        ("vide.pdf", "empty"),
    }
    views = [item(desk.reading, row.id) for row in inbox(desk.reading).rows]
    assert {view.tags for view in views} == {("Comptabilité",), ("Paie", "Lyon")}
    assert {view.row.source for view in views} == {"Salon de Lyon"}
    assert {view.ground for view in views} == {"unknown"}


def test_the_same_folder_again_is_known(desk: Desk, key: Path) -> None:
    bring(desk, key)
    before = logical(desk)
    report = bring(desk, key)
    assert (report.accepted, report.already_known) == (0, 12)
    after = logical(desk)
    for table in ("inbox_item", "document", "contact_point", "body_text", "files"):
        assert after.get(table) == before.get(table)


@pytest.mark.parametrize(
    ("ground", "contact", "key_of"),
    [
        ("consent", None, "ground_unknown"),
        ("unknown", None, "last_contact_too_old"),
        ("unknown", date(2024, 11, 24), "last_contact_too_old"),
    ],
)
def test_an_import_without_a_lawful_ground_is_refused(
    desk: Desk, key: Path, ground: str, contact: date | None, key_of: str
) -> None:
    with pytest.raises(ValidationError, match=key_of):
        bring(desk, key, ground=ground, last_contact=contact)
    assert house.batches(desk.reading) == []


def test_a_path_that_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no_such_file"):
        bring(desk, tmp_path / "nothing")


def test_an_import_is_undone_whole(desk: Desk, key: Path, tmp_path: Path) -> None:
    kept = desk.execute(KeepItems((bring(desk, key / "Paie").items[0],), spontaneous=True)).result
    before = logical(desk)
    report = bring(desk, key, flamingo(tmp_path / "site-flamingo-inbound-2026-11-24.csv", 30))
    undone = desk.execute(UndoBatch(report.batch)).result
    assert (undone.removed, undone.restored, undone.decided) == (36, 0, 0)
    assert logical(desk) == before
    assert kept[0].dossier
    again = bring(desk, key)
    assert again.accepted == 6


def test_nothing_of_an_undone_import_is_left_in_the_base(desk: Desk, key: Path) -> None:
    report = bring(desk, key)
    values = [word for n in range(12) for word in (email_of(n), f"xylo{n}phage", f"Essai{n}")]
    wanted = [value.encode() for value in values]
    present = scanned(desk, wanted)
    assert {hit.value for hit in present.hits} == set(range(len(wanted)))
    desk.execute(UndoBatch(report.batch))
    assert scanned(desk, wanted).hits == ()
    assert list(desk.documents.names()) == []


def scanned(desk: Desk, values: list[bytes]) -> residue.ScanReport:
    engine.checkpoint(desk.engines.write)
    return residue.scan(desk.home, desk.unlocked.db_key, values)


def test_what_was_decided_since_survives_the_undo_of_its_import(desk: Desk, key: Path) -> None:
    report = bring(desk, key)
    kept, discarded = report.items[:2]
    desk.execute(KeepItems((kept,), spontaneous=True))
    desk.execute(DiscardItems((discarded,)))
    undone = desk.execute(UndoBatch(report.batch)).result
    assert (undone.removed, undone.decided) == (10, 2)
    again = bring(desk, key)
    assert (again.accepted, again.already_known) == (10, 2)


def test_an_import_older_than_thirty_days_is_not_undone(
    desk: Desk, key: Path, clock: TestClock
) -> None:
    report = bring(desk, key)
    clock.pass_time(days=30, seconds=1)
    with pytest.raises(RuleViolation, match="batch_too_old"):
        desk.execute(UndoBatch(report.batch))


class _StopAfter(JobContext):
    """The user stops once so many files were announced."""

    def __init__(self, files: int) -> None:
        super().__init__(progress=self._count)
        self._left = files

    def _count(self, done: int, total: int, text: str) -> None:
        del done, total, text
        self._left -= 1
        if self._left < 0:
            self.cancel.set()


@pytest.mark.parametrize("files", [0, 1, 5, 9])
def test_a_cancelled_import_leaves_whole_items_and_the_same_import_finishes(
    desk: Desk, key: Path, files: int
) -> None:
    report = desk.execute(ImportFiles((key,)), _StopAfter(files)).result
    assert report.state == "cancelled"
    assert report.read == report.accepted + len(report.rejected) == files
    assert all(row.documents == 1 for row in inbox(desk.reading).rows)
    assert house.batches(desk.reading)[0].state == "cancelled"
    rest = bring(desk, key)
    assert rest.state == "done"
    assert len(inbox(desk.reading).rows) == 12


def test_a_key_pulled_out_interrupts_and_the_same_import_goes_on(
    desk: Desk, key: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"

    class PullOut(JobContext):
        def __init__(self) -> None:
            super().__init__(progress=self._count)

        def _count(self, done: int, total: int, text: str) -> None:
            del total, text
            if done == 5 and key.exists():
                shutil.move(key, away)

    report = desk.execute(ImportFiles((key,)), PullOut()).result
    assert report.state == "interrupted"
    assert report.rejected == ()
    shutil.move(away, key)
    rest = bring(desk, key)
    assert report.accepted + rest.accepted == 12


def test_links_homes_and_pipes_are_not_read(desk: Desk, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "key", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    secret = elsewhere / "secret.txt"
    secret.write_text(CV.format(name="Un Secret", email=email_of(1), n=1), "utf-8")
    (folder / "out.txt").symlink_to(secret)
    (folder / "loop").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    shutil.copytree(desk.home.folder, folder / "a home")
    report = bring(desk, folder)
    assert sorted((row.path, row.reason) for row in report.rejected) == [
        ("out.txt", "link"),
        ("pipe.txt", "not_a_file"),
    ]
    assert report.read == 2
    with pytest.raises(ValidationError, match="import_of_home"):
        bring(desk, desk.home.folder)
    assert bring(desk, folder / "out.txt").accepted == 1, "named itself, it is what was meant"


def submission(data: bytes) -> ItemPayload:
    digest = hashlib.sha256(data).hexdigest()
    return ItemPayload(
        external_id="submission-1",
        kind="application",
        channel="web_form",
        received_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        fields=(FieldValue(name="email", value="alix.demory@example.org"),),
        files=(FileData(name="cv.txt", media_type="text/plain", data=data, role="cv"),),
        join_keys=(f"file:{digest}",),
    )


@pytest.mark.parametrize("file_first", [True, False])
def test_a_loose_cv_and_the_submission_that_carries_it_are_one_item_whichever_came_first(
    desk: Desk, tmp_path: Path, file_first: bool
) -> None:
    data = CV.format(name="Alix Demory", email=email_of(1), n=1).encode()
    (tmp_path / "cv alix.txt").write_bytes(data)

    def file() -> ImportReport:
        return bring(desk, tmp_path / "cv alix.txt", ground="sourced", source="salon")

    def form() -> ImportReport:
        taken = TakePayloads((submission(data),), "website_forms", "site")
        return desk.execute(taken, JobContext()).result

    first, second = (act() for act in ((file, form) if file_first else (form, file)))
    assert (first.accepted, first.merged) == (1, 0)
    before = logical(desk) if file_first else {}
    assert (second.accepted, second.merged) == (1, 1)
    (row,) = inbox(desk.reading).rows
    view = item(desk.reading, row.id)
    assert view.emails[0] == "alix.demory@example.org"
    assert (row.source, view.ground) == ("site", "applied")
    assert row.received_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert len(view.documents) == 1
    # A second form with the same file is a second application.
    other = submission(data).model_copy(update={"external_id": "submission-2"})
    desk.execute(TakePayloads((other,), "website_forms", "site"), JobContext())
    assert len(inbox(desk.reading).rows) == 2
    if file_first:
        desk.execute(UndoBatch(second.batch))
        assert len(inbox(desk.reading).rows) == 2
        loose = [r for r in inbox(desk.reading).rows if r.id == row.id]
        assert [r.source for r in loose] == ["salon"]
        assert before["document"] == [
            d for d in logical(desk)["document"] if d in before["document"]
        ]


def test_rows_of_an_export_come_in_once_whatever_the_order(desk: Desk, tmp_path: Path) -> None:
    first = flamingo(tmp_path / "a-flamingo-inbound-2026-11-20.csv", 40)
    second = flamingo(tmp_path / "b-flamingo-inbound-2026-11-24.csv", 40, start=20)
    assert bring(desk, first).accepted == 40
    report = bring(desk, second)
    assert (report.accepted, report.already_known) == (20, 20)


def test_a_rejected_row_names_its_file_its_row_and_the_reason(desk: Desk, tmp_path: Path) -> None:
    path = flamingo(tmp_path / "a-flamingo-inbound-2026-11-20.csv", 3)
    path.write_bytes(path.read_bytes() + b'\r\n"","","pas une adresse","","","",""')
    report = bring(desk, path)
    assert report.accepted == 3
    (row,) = report.rejected
    assert (row.path, row.row) == (path.name, 5)
    assert row.reason


FOLDERS = (
    "cv",
    "mail_eml",
    "mail_msg",
    "mail_mbox",
    "mail_malformed",
    "wordpress",
    "wordpress_forms",
    "nasty_documents",
)


STATED = {"cf8816a1ca4eed9d": (319, 16, 142)}
"""By the mark of a set of samples: items that wait, items set aside, persons behind them."""


def mark_of(samples: Path) -> str:
    """Names and sizes of the files that the sources of today read."""
    lines = [
        f"{path.relative_to(samples).as_posix()} {path.stat().st_size}"
        for name in FOLDERS
        for path in sorted((samples / name).rglob("*"))
        if path.is_file()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def persons(desk: Desk) -> set[tuple[str, ...]]:
    """Who is behind the items: those who share an address or a phone, else a name, are one."""
    with desk.engines.read.connect() as c:
        points = c.exec_driver_sql("SELECT dossier, value FROM contact_point WHERE NOT dead").all()
        names = c.exec_driver_sql("SELECT dossier, given_name, family_name FROM inbox_item").all()
    of: dict[bytes, set[str]] = {}
    for dossier, value in points:
        of.setdefault(dossier, set()).add(value)
    found: list[set[str]] = []
    for dossier, given, family in names:
        said = of.get(dossier) or {fold(f"{given} {family}").strip()} - {""}
        one = set[str]().union(said, *(other for other in found if other & said))
        found = [other for other in found if not other & said] + [one]
    return {tuple(sorted(one)) for one in found if one}


def looked_at(desk: Desk) -> dict[str, object]:
    """What must not hang on the order in which folders came in."""
    queue = inbox(desk.reading)
    return {
        "waiting": len(queue.rows),
        "aside": sorted(row.set_aside for row in queue.aside),
        "kinds": Counter(row.kind for row in queue.rows),
        "persons": persons(desk),
    }


@pytest.mark.samples
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_samples_make_the_same_items_in_any_order_and_never_twice(
    agency: Founded, samples: Path, tmp_path: Path
) -> None:
    seen = []
    for seed in (1, 2):
        order = [name for name in FOLDERS if (samples / name).is_dir()]
        random.Random(seed).shuffle(order)
        desk = agency.open(tmp_path / str(seed))
        counted = {name: bring(desk, samples / name) for name in order}
        before = logical(desk)
        for name in random.Random(seed + 7).sample(order, len(order)):
            again = bring(desk, samples / name)
            assert again.accepted == 0, name
            assert len(again.rejected) == len(counted[name].rejected)
            assert again.read == again.already_known + len(again.rejected)
        after = logical(desk)
        for table in ("inbox_item", "document", "contact_point", "files"):
            assert after[table] == before[table]
        seen.append(looked_at(desk))
        desk.close()
    assert seen[0] == seen[1]
    stated = STATED.get(mark_of(samples))
    if stated is not None:
        told = seen[0]
        assert (told["waiting"], len(told["aside"]), len(told["persons"])) == stated


@pytest.mark.samples
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sources_that_nobody_reads_yet_are_refused_by_name(desk: Desk, samples: Path) -> None:
    before = logical(desk)
    others = [
        folder
        for folder in sorted(samples.iterdir())
        if folder.is_dir() and folder.name not in FOLDERS and folder.name != "missions"
    ]
    for folder in others:
        report = bring(desk, folder)
        assert report.read == len(report.rejected) > 0, folder.name
        assert {row.reason for row in report.rejected} <= {"no_source", "empty"}
    assert logical(desk).get("inbox_item") == before.get("inbox_item")


def test_cancelling_is_no_error(desk: Desk, key: Path) -> None:
    job = JobContext()
    job.cancel.set()
    assert desk.execute(ImportFiles((key,)), job).result.state == "cancelled"
    with pytest.raises(Cancelled):
        job.cancel.check()

"""The residual scan on real encrypted bases: what was planted is found, what was wiped is not.

And the other way round: with each wiping step left out in turn, the scan must say so.
"""

import random
import zlib

import pytest
from sqlalchemy import event, text

from clementine_crm.errors import Busy, Corrupt
from clementine_crm.store import btree
from clementine_crm.store.engine import checkpoint, compact, open_engine
from clementine_crm.store.functions import zip_text
from clementine_crm.store.home import Home
from clementine_crm.store.pages import PAGE, USABLE, wal_of
from clementine_crm.store.residue import scan

KEY = bytes(range(32))
PERSON = "Zéphyrine Canari"
MAIL = "zephyrine.canari@example.org"
PHONE = "+33612345678"
WORD = "xylophoniste"
ID = bytes.fromhex("c0ffee00c0ffee00c0ffee00c0ffee01")
VALUES = [PERSON.encode(), MAIL.encode(), PHONE.encode(), WORD.encode(), ID]
COMMON = ["gestion", "projet", "réseau", "anglais", "paris", "lyon", "conduite", "analyse", "achat"]


def body(rng, extra="", size=150):
    return f"{' '.join(rng.choice(COMMON) for _ in range(size))} {extra}"


class Base:
    """Persons with rows, zipped texts and a full-text index, as the product keeps them."""

    def __init__(self, path, *, wipe_pages=True, wipe_words=True):
        self.path = path
        self.engine = open_engine(path, KEY, create=True)
        if not wipe_pages:
            event.listen(
                self.engine,
                "checkout",
                lambda raw, *_: raw.execute("PRAGMA secure_delete = OFF").fetchone(),
            )
        with self.engine.begin() as c:
            for line in (
                "CREATE TABLE person(rid INTEGER PRIMARY KEY, dossier BLOB, name TEXT, mail TEXT, phone TEXT)",
                "CREATE INDEX ix_mail ON person(mail)",
                "CREATE INDEX ix_dossier ON person(dossier)",
                "CREATE TABLE body(rid INTEGER PRIMARY KEY, dossier BLOB, z BLOB)",
                "CREATE VIEW source AS SELECT p.rid AS rid, p.name AS name, p.mail AS mail, "
                "(SELECT clm_unzip(z) FROM body b WHERE b.rid = p.rid) AS body FROM person p",
                "CREATE VIRTUAL TABLE words USING fts5(name, mail, body, content='source', "
                "content_rowid='rid', tokenize='unicode61 remove_diacritics 2')",
                "CREATE VIRTUAL TABLE letters USING fts5(name, content='source', "
                "content_rowid='rid', tokenize='trigram')",
            ):
                c.exec_driver_sql(line)
            if wipe_words:
                for name in ("words", "letters"):
                    c.exec_driver_sql(
                        f"INSERT INTO {name}({name}, rank) VALUES ('secure-delete', 1)"
                    )

    def add(self, rid, name, mail, phone, dossier, words):
        with self.engine.begin() as c:
            c.connection.driver_connection.create_function(
                "clm_unzip", 1, lambda z: zlib.decompress(z).decode() if z else ""
            )
            c.exec_driver_sql(
                "INSERT INTO person VALUES (?, ?, ?, ?, ?)", (rid, dossier, name, mail, phone)
            )
            c.exec_driver_sql("INSERT INTO body VALUES (?, ?, ?)", (rid, dossier, zip_text(words)))
            self._index(c, rid, "")

    def delete(self, rid):
        with self.engine.begin() as c:
            c.connection.driver_connection.create_function(
                "clm_unzip", 1, lambda z: zlib.decompress(z).decode() if z else ""
            )
            self._index(c, rid, "'delete', ")
            c.exec_driver_sql("DELETE FROM person WHERE rid = ?", (rid,))
            c.exec_driver_sql("DELETE FROM body WHERE rid = ?", (rid,))

    @staticmethod
    def _index(c, rid, act):
        for name, columns in (("words", "name, mail, body"), ("letters", "name")):
            head = f"{name}, " if act else ""
            c.exec_driver_sql(
                f"INSERT INTO {name}({head}rowid, {columns}) "
                f"SELECT {act}rid, {columns} FROM source WHERE rid = ?",
                (rid,),
            )

    def fill(self, count=150, first=1, seed=5):
        rng = random.Random(seed)
        for n in range(first, first + count):
            self.add(
                n,
                f"{rng.choice(['Aubin', 'Benoîte', 'Célestin'])} Person{n}",
                f"p{n}@example.net",
                f"+3370000{n:04}",
                rng.randbytes(16),
                body(rng),
            )

    def plant(self, rid=10_000):
        self.add(rid, PERSON, MAIL, PHONE, ID, body(random.Random(rid), WORD))

    def scan(self, values=VALUES):
        return scan(self.path, KEY, values)


@pytest.fixture
def base(tmp_path):
    made = Base(tmp_path / "base.db")
    made.fill()
    yield made
    made.engine.dispose()


def places(report, number):
    return sorted({hit.where.split(" ")[0] for hit in report.hits if hit.value == number})


# what is there is found


def test_a_person_who_is_there_is_found_in_every_place(base):
    base.plant()
    assert wal_of(base.path).stat().st_size > 0
    checkpoint(base.engine)
    report = base.scan()
    assert {hit.value for hit in report.hits} == set(range(len(VALUES)))
    where = {hit.where.partition(" ")[0] for hit in report.hits}
    assert where == {"page", "full", "zipped"}
    assert {h.where for h in report.hits if h.value == 3} >= {"full text words"}
    assert not report.clean
    assert (report.wal_bytes, report.damaged_pages, report.skipped) == (0, (), ())


def test_what_waits_in_the_wal_is_found_there(base):
    checkpoint(base.engine)
    base.plant()
    report = base.scan()
    assert report.wal_bytes > 0
    assert "wal" in places(report, 0)
    assert not report.clean


def test_old_pages_that_the_wal_keeps_are_found(base):
    base.plant()
    checkpoint(base.engine)
    # A reader holds the base: the WAL cannot be emptied, and keeps the pages of before.
    reader = open_engine(base.path, KEY, readonly=True)
    with reader.connect() as held:
        held.execute(text("SELECT count(*) FROM person")).scalar()
        base.delete(10_000)
        base.plant(10_001)
        base.delete(10_001)
        assert not checkpoint(base.engine)
        report = base.scan()
        assert "wal" in places(report, 1)
    reader.dispose()
    assert checkpoint(base.engine)
    assert not base.scan().hits


@pytest.mark.parametrize("size", [100, USABLE - 40, USABLE, 3 * USABLE, 60_000])
@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_long_cells_are_followed_wherever_the_value_lies(tmp_path, size, where):
    engine = open_engine(tmp_path / "base.db", KEY, create=True)
    filler = ("abcdefghij" * (size // 10 + 1))[:size]
    at = {"start": 0, "middle": size // 2, "end": size}[where]
    long = filler[:at] + MAIL + filler[at:]
    with engine.begin() as c:
        c.exec_driver_sql("CREATE TABLE t(a TEXT, b TEXT)")
        c.exec_driver_sql("CREATE INDEX ix ON t(b)")
        c.exec_driver_sql("INSERT INTO t VALUES (?, ?)", (long, "short"))
        c.exec_driver_sql("INSERT INTO t VALUES (?, ?)", ("short", long))
    checkpoint(engine)
    report = scan(tmp_path / "base.db", KEY, [MAIL.encode()])
    assert report.hits
    assert report.damaged_pages == ()
    with engine.begin() as c:
        c.exec_driver_sql("DELETE FROM t")
    checkpoint(engine)
    assert scan(tmp_path / "base.db", KEY, [MAIL.encode()]).clean
    engine.dispose()


def test_a_value_across_two_overflow_pages_is_found_whole(tmp_path):
    """In no page alone: only the cell put together holds it."""
    engine = open_engine(tmp_path / "base.db", KEY, create=True)
    with engine.begin() as c:
        c.exec_driver_sql("CREATE TABLE t(a TEXT)")
        # Closer than the value is long, so that the edge of a page falls into one of them.
        sizes = range(5000, 5000 + USABLE, 25)
        for n in sizes:
            written = "x" * n + f"{n}{MAIL}" + "y" * (10_000 - n)
            c.exec_driver_sql("INSERT INTO t VALUES (?)", (written,))
    checkpoint(engine)
    values = [f"{n}{MAIL}".encode() for n in sizes]
    report = scan(tmp_path / "base.db", KEY, values)
    cells = {hit.value for hit in report.hits if hit.where.startswith("long cell")}
    assert cells == set(range(len(values)))
    # Some of them in no page alone.
    assert {h.value for h in report.hits if h.where.startswith("page")} < cells
    engine.dispose()


def test_zipped_texts_are_opened_even_when_long(base):
    checkpoint(base.engine)
    rng = random.Random(9)
    long = " ".join(f"{rng.random()}" for _ in range(3000)) + " " + WORD
    assert len(zip_text(long)) > 2 * PAGE
    with base.engine.begin() as c:
        c.exec_driver_sql("INSERT INTO body VALUES (?, ?, ?)", (20_000, b"", zip_text(long)))
    checkpoint(base.engine)
    report = base.scan([WORD.encode()])
    assert places(report, 0) == ["zipped"]


def test_a_value_written_otherwise_is_found(base):
    for number, name in enumerate(
        ("ZÉPHYRINE CANARI", "Zephyrine Canari", "Ze\u0301phyrine canari")
    ):
        base.add(30_000 + number, name, "", "", b"", "")
        checkpoint(base.engine)
        report = base.scan([PERSON.encode()])
        assert "page" in places(report, 0), name
        base.delete(30_000 + number)
        checkpoint(base.engine)


# what was wiped is not


def test_deleted_wiped_and_checkpointed_is_clean(base):
    base.plant()
    checkpoint(base.engine)
    base.delete(10_000)
    checkpoint(base.engine)
    report = base.scan()
    assert report.hits == ()
    assert report.free_bytes_nonzero == 0
    assert report.wal_bytes == 0
    if not report.clean:
        # Leftovers of moved cells, none of this person: compacting takes them away too.
        assert report.gap_bytes_nonzero
        compact(base.engine)
    assert base.scan().clean


def test_hundreds_erased_among_hundreds(base):
    rng = random.Random(2)
    gone = []
    for n in range(500, 650):
        mail = f"gone{n}.{rng.randrange(10**6)}@example.org"
        base.add(n, f"Partie Gone{n}", mail, f"+3361{n:07}", b"", body(rng, f"mot{n}unique"))
        gone += [mail, f"Partie Gone{n}", f"+3361{n:07}", f"mot{n}unique"]
    checkpoint(base.engine)
    values = [value.encode() for value in gone]
    assert {hit.value for hit in base.scan(values).hits} == set(range(len(values)))
    for n in range(500, 650):
        base.delete(n)
    checkpoint(base.engine)
    report = base.scan(values)
    compact(base.engine)
    after = base.scan(values)
    assert after.clean
    # What stays before compacting are signposts of the index and moved cells, if anything.
    assert {hit.where.partition(" ")[0] for hit in report.hits} <= {"ghost", "page"}


def test_others_with_the_same_words_are_no_ghosts(base):
    base.plant()
    base.add(11_000, "Zéphyrine Autre", "z@example.com", "", b"", f"canari {WORD}")
    base.delete(10_000)
    checkpoint(base.engine)
    report = base.scan([PERSON.encode(), MAIL.encode(), PHONE.encode(), ID])
    assert report.hits == ()
    # The word of the other person is that person's.
    assert "full" in places(base.scan([WORD.encode()]), 0)


def test_a_value_in_somebody_elses_note_is_named(base):
    base.plant()
    base.add(12_000, "Aubin", "", "", b"", f"recommandé par {PERSON}, {MAIL}")
    base.delete(10_000)
    checkpoint(base.engine)
    report = base.scan()
    assert {hit.value for hit in report.hits} == {0, 1}


def test_nothing_is_changed_by_looking(base):
    base.plant()
    checkpoint(base.engine)
    before = base.path.read_bytes()
    base.scan()
    assert base.path.read_bytes() == before
    base.engine.dispose()
    assert base.path.read_bytes() == before


def test_writers_wait_while_it_looks_and_it_waits_for_writers(base, monkeypatch):
    from clementine_crm.store import engine as module

    monkeypatch.setattr(module, "BUSY_MS", 50)
    with base.engine.begin() as c:
        c.exec_driver_sql("INSERT INTO body VALUES (40000, NULL, NULL)")
        with pytest.raises(Busy, match="base_locked"):
            base.scan()


def test_a_damaged_page_is_named_and_the_rest_still_read(base):
    base.plant()
    checkpoint(base.engine)
    data = bytearray(base.path.read_bytes())
    pages = len(data) // PAGE
    harmed = pages - 3
    data[(harmed - 1) * PAGE + 100] ^= 1
    base.engine.dispose()
    base.path.write_bytes(data)
    report = scan(base.path, KEY, [PHONE.encode()])
    assert harmed in report.damaged_pages
    assert report.hits
    assert not report.clean


def test_another_key_opens_nothing(base):
    with pytest.raises(Corrupt, match="base_damaged"):
        scan(base.path, b"o" * 32, VALUES)


def test_short_values_are_named(base):
    report = base.scan([b"abc", MAIL.encode()])
    assert report.skipped == (0,)
    assert not report.clean


def test_a_home_is_scanned_by_its_base(tmp_path):
    home = Home(tmp_path)
    engine = open_engine(home.base, KEY, create=True)
    with engine.begin() as c:
        c.exec_driver_sql("CREATE TABLE t(a)")
    checkpoint(engine)
    engine.dispose()
    assert scan(home, KEY, VALUES).clean


# planted omissions: one wiping step left out at a time


def test_without_secure_delete_the_freed_cells_tell(tmp_path):
    base = Base(tmp_path / "base.db", wipe_pages=False)
    base.fill(60)
    base.plant()
    base.fill(60, first=20_000)
    checkpoint(base.engine)
    base.delete(10_000)
    checkpoint(base.engine)
    report = base.scan()
    assert report.free_bytes_nonzero > 0
    assert {0, 1, 2, 4} <= {hit.value for hit in report.hits}
    compact(base.engine)
    assert base.scan().clean
    base.engine.dispose()


def test_without_secure_delete_whole_free_pages_tell(tmp_path):
    base = Base(tmp_path / "base.db", wipe_pages=False)
    base.fill(60)
    with base.engine.begin() as c:
        c.exec_driver_sql("CREATE TABLE big(a)")
        for n in range(40):
            c.exec_driver_sql("INSERT INTO big VALUES (?)", (f"{MAIL} {n} " * 50,))
    checkpoint(base.engine)
    with base.engine.begin() as c:
        c.exec_driver_sql("DROP TABLE big")
    checkpoint(base.engine)
    report = base.scan()
    assert any(hit.where.startswith("free page") for hit in report.hits if hit.value == 1)
    assert report.free_bytes_nonzero > 10_000
    base.engine.dispose()


def test_without_the_indexs_own_secure_delete_its_ghosts_tell(tmp_path):
    base = Base(tmp_path / "base.db", wipe_words=False)
    base.fill(60)
    base.plant()
    checkpoint(base.engine)
    base.delete(10_000)
    checkpoint(base.engine)
    report = base.scan()
    ghosts = {hit.value for hit in report.hits if hit.where.startswith("ghost in words")}
    assert {0, 1, 3} <= ghosts
    assert any(hit.where == "ghost in letters" for hit in report.hits)
    compact(base.engine)
    assert base.scan().clean
    base.engine.dispose()


def test_the_signposts_of_the_index_tell_what_compacting_takes_away(base):
    """The first word of a leaf stays in the index's table of contents after it is deleted."""
    base.fill(450, first=151)
    compact(base.engine)
    with base.engine.connect() as c:
        posts = c.exec_driver_sql("SELECT term FROM words_idx").scalars().all()
        known = dict(c.exec_driver_sql("SELECT lower(name), rid FROM person").all())
    names = {name.split()[-1].encode(): (name, rid) for name, rid in known.items()}
    name, rid = next(names[term[1:]] for term in posts if term[1:] in names)
    base.delete(rid)
    checkpoint(base.engine)
    report = base.scan([name.encode()])
    assert "ghost" in places(report, 0)
    compact(base.engine)
    assert base.scan([name.encode()]).clean


def test_without_the_checkpoint_the_wal_tells(base):
    base.plant()
    base.delete(10_000)
    report = base.scan()
    assert report.wal_bytes > 0
    assert report.hits
    assert not report.clean


def test_without_the_deletion_in_one_place_that_place_tells(base):
    for statement, values in (
        ("DELETE FROM body WHERE rid = 10000", {0, 1, 2, 4}),
        ("DELETE FROM person WHERE rid = 10000", {3}),
    ):
        base.plant()
        with base.engine.begin() as c:
            c.exec_driver_sql(statement)
        checkpoint(base.engine)
        report = base.scan()
        found = {h.value for h in report.hits if h.where.startswith(("page", "zipped", "full"))}
        assert values <= found
        with base.engine.begin() as c:
            c.exec_driver_sql(
                "INSERT OR IGNORE INTO person VALUES (10000, ?, ?, ?, ?)", (ID, PERSON, MAIL, PHONE)
            )
            c.exec_driver_sql(
                "INSERT OR IGNORE INTO body VALUES (10000, ?, ?)",
                (ID, zip_text(body(random.Random(10_000), WORD))),
            )
        base.delete(10_000)
        checkpoint(base.engine)
        assert base.scan().hits == ()


def test_without_the_deletion_in_the_index_the_index_tells(base):
    base.plant()
    with base.engine.begin() as c:
        c.exec_driver_sql("DELETE FROM person WHERE rid = 10000")
        c.exec_driver_sql("DELETE FROM body WHERE rid = 10000")
    checkpoint(base.engine)
    report = base.scan()
    assert {hit.where for hit in report.hits} >= {"full text words"}
    assert {0, 1, 3} <= {hit.value for hit in report.hits if hit.where == "full text words"}


def test_without_sqlite_stat4_emptied_it_tells(base):
    """Never ANALYZE a personal index: the planner's samples are persons."""
    with base.engine.begin() as c:
        c.exec_driver_sql("ANALYZE")
        samples = c.exec_driver_sql("SELECT sample FROM sqlite_stat4 WHERE idx = 'ix_mail'").all()
        known = c.exec_driver_sql("SELECT rid, mail FROM person").all()
    rid, mail = next((r, m) for r, m in known if any(m.encode() in s[0] for s in samples))
    base.delete(rid)
    checkpoint(base.engine)
    assert base.scan([mail.encode()]).hits
    with base.engine.begin() as c:
        c.exec_driver_sql("DELETE FROM sqlite_stat4")
    checkpoint(base.engine)
    assert not base.scan([mail.encode()]).hits


# the reading of pages


def test_free_pages_are_told_from_the_list_of_them(base):
    with base.engine.begin() as c:
        c.exec_driver_sql("CREATE TABLE big(a)")
        for n in range(3000):
            c.exec_driver_sql("INSERT INTO big VALUES (?)", (f"{n} " * 900,))
    with base.engine.begin() as c:
        c.exec_driver_sql("DROP TABLE big")
    checkpoint(base.engine)
    with base.engine.connect() as c:
        assert c.exec_driver_sql("PRAGMA freelist_count").scalar() > 2 * USABLE // 4
    assert base.scan().free_bytes_nonzero == 0


def test_gaps_of_a_page_by_hand():
    page = bytearray(USABLE)
    page[0] = 13
    page[3:5] = (2).to_bytes(2, "big")
    page[5:7] = (4000).to_bytes(2, "big")
    page[8:12] = (4000).to_bytes(2, "big") + (4008).to_bytes(2, "big")
    assert btree.gaps(2, bytes(page)) == [(12, 4000)]
    # Offsets left by removed cells are numbers; what follows them is looked at.
    page[12:16] = (3990).to_bytes(2, "big") + (3000).to_bytes(2, "big")
    page[20:24] = b"name"
    ((start, end),) = btree.gaps(2, bytes(page))
    assert (start, end) == (16, 4000) or page[12:start].strip(b"\0") == page[12:16]
    assert btree.nonzero(bytes(page[start:end])) == 4
    # An offset whose last byte is zero is one too.
    page[20:24] = bytes(4)
    page[14:16] = (512).to_bytes(2, "big")
    ((start, end),) = btree.gaps(2, bytes(page))
    assert (start, btree.nonzero(bytes(page[start:end]))) == (16, 0)
    # A freed cell: its first four bytes are the chain, the rest must be blank.
    page[1:3] = (3900).to_bytes(2, "big")
    page[3900:3904] = b"\0\0" + (40).to_bytes(2, "big")
    assert btree.gaps(2, bytes(page))[1] == (3904, 3940)
    for kind in (0, 1, 53, 255):
        page[0] = kind
        assert btree.gaps(2, bytes(page)) == []
    # A chain of freed cells that runs in a circle ends.
    page[0] = 13
    page[3900:3904] = (3900).to_bytes(2, "big") + (40).to_bytes(2, "big")
    assert len(btree.gaps(2, bytes(page))) <= USABLE

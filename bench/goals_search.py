"""Goals 1 to 5 of ``perf.md`` 9: search beside plain SQLCipher, tantivy, bare SQL and a scan."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from bench.corpus import read_corpus, read_misspelt
from bench.ground import Ground, forget_pages, raw
from bench.measuring import Line, Times, absolute, against, interleaved, stopwatch, timed
from bench.plain import plain_engine
from bench.rival import Rival
from clementine_crm.domain.indexing import as_indexed
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.search import Search, searching
from clementine_crm.queries.search_index import BOUNDED, COUNTED, Index
from clementine_crm.queries.search_language import parse
from clementine_crm.queries.search_plan import FULL, SHORT, Planner
from clementine_crm.store import functions
from clementine_crm.store.engine import open_engine

TOP = 50
COMMON, BOTH, BEGINNING = "projet", "python docker", "kub"


@dataclass(frozen=True)
class Form:
    """One question as the indexes are asked it."""

    name: str
    typed: str
    table: str
    match: str

    def newest(self) -> str:
        return f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH ? ORDER BY rowid DESC LIMIT {TOP}"

    def ranked(self) -> str:
        """As the application ranks: the newest 2,000, name and title above the body."""
        score = Index.ranking(self.table)
        return (
            f"SELECT rid FROM (SELECT {self.table}.rowid AS rid, {score} AS score FROM {self.table} "
            f"CROSS JOIN findable f ON f.rid = {self.table}.rowid WHERE {self.table} MATCH ? "
            f"ORDER BY {self.table}.rowid DESC LIMIT {BOUNDED}) ORDER BY score LIMIT {TOP}"
        )

    def counted(self) -> str:
        return f"SELECT count(*) FROM (SELECT 1 FROM {self.table} WHERE {self.table} MATCH ? LIMIT {COUNTED})"


def forms(ground: Ground) -> list[Form]:
    """The questions of ``perf.md`` 1, with the needles of this corpus."""
    needles, someone = ground.needles, ground.someone
    asked = [
        ("rare word", needles["rare_word"].text),
        ("common word", COMMON),
        ("two words AND", BOTH),
        ("phrase", f'"{needles["phrase"].text}"'),
        ("prefix kub*", f"{BEGINNING}*"),
        ("accent", needles["accented"].text),
        ("full name", f"{someone.given_name} {someone.family_name}"),
    ]
    made = []
    for name, typed in asked:
        tree = parse(typed).tree
        assert tree is not None
        plan = Planner("candidate", ground.desk.reading.today).plan(tree)
        made.append(Form(name, typed, plan.table, plan.match))
    made.append(Form("prefix k*", "k*", SHORT, '"k"*'))
    return made


def run(connection: Any, sql: str, match: str) -> list[Any]:
    return list(connection.execute(sql, (match,)).fetchall())


# 1: encrypted beside plain


def encryption(ground: Ground, repeats: int) -> list[Line]:
    worst: dict[str, tuple[float, Times, Times]] = {}
    with raw(ground.desk.engines.search) as ours, raw(ground.plain) as plain:
        for form in forms(ground):
            for kind, sql in (
                ("newest", form.newest()),
                ("ranked", form.ranked()),
                ("counted", form.counted()),
            ):
                found = interleaved(
                    {
                        "ours": partial(run, ours, sql, form.match),
                        "plain": partial(run, plain, sql, form.match),
                    },
                    repeats,
                )
                mine, theirs = found["ours"], found["plain"]
                worst[f"{form.name}, {kind}"] = (mine.p95 / theirs.p95, mine, theirs)
    name, (_, mine, theirs) = max(worst.items(), key=lambda item: item[1][0])
    ratios = sorted(ratio for ratio, _, _ in worst.values())
    note = f"median of {len(worst)} forms {ratios[len(ratios) // 2]:.2f}"
    lines = [against("1", f"worst p95 warm: {name}", mine.p95, theirs.p95, 1.3, note=note)]
    if hasattr(os, "posix_fadvise"):
        lines.append(_cold(ground))
    return lines


def _cold(ground: Ground, repeats: int = 15) -> Line:
    """First page of a new connection whose file the system has forgotten; the worst of four."""
    desk = ground.desk
    chosen = [
        f
        for f in forms(ground)
        if f.name in ("rare word", "common word", "phrase", "two words AND")
    ]

    def first_page(path: Any, opened: Callable[[], Any], form: Form) -> float:
        forget_pages(path)
        engine = opened()
        functions.install(engine)
        with raw(engine) as connection:
            ms = timed(partial(run, connection, form.newest(), form.match))
        engine.dispose()
        return ms

    worst = (0.0, 0.0, 0.0, "")
    for form in chosen:
        mine, theirs = [], []
        for _ in range(repeats):
            opened = partial(open_engine, desk.home.base, desk.unlocked.db_key, readonly=True)
            mine.append(first_page(desk.home.base, opened, form))
            theirs.append(
                first_page(ground.plain_path, partial(plain_engine, ground.plain_path), form)
            )
        a, b = Times(tuple(mine)).p50, Times(tuple(theirs)).p50
        worst = max(worst, (a / b, a, b, form.name))
    return against("1", f"cold first page: {worst[3]}", worst[1], worst[2], 1.5)


# 2: ranking beside tantivy


def ranking(ground: Ground, repeats: int) -> list[Line]:
    ground.say("building tantivy")
    rival = Rival(ground.folder / "tantivy", islice(read_corpus(ground.corpus), ground.people))
    lines = []
    with raw(ground.desk.engines.search) as ours:
        for form in forms(ground):
            if form.name not in (
                "rare word",
                "common word",
                "two words AND",
                "phrase",
                "prefix kub*",
            ):
                continue
            prefix = form.name.startswith("prefix")
            query = rival.beginning(BEGINNING) if prefix else rival.words(form.typed)
            found = interleaved(
                {
                    "ours": partial(run, ours, form.ranked(), form.match),
                    "rival": partial(rival.top, query),
                },
                repeats,
            )
            limit = 8.0 if prefix else 4.0
            note = f"{rival.count(query)} hits"
            what = f"ranked top {TOP} p50: {form.name}"
            lines.append(
                against("2", what, found["ours"].p50, found["rival"].p50, limit, note=note)
            )
    return lines


# 3: the application's call beside bare SQL and a scan


def calls(ground: Ground, repeats: int) -> list[Line]:
    lines, every = [], []
    reading = ground.desk.reading
    chosen = [
        f
        for f in forms(ground)
        if f.name in ("rare word", "common word", "two words AND", "phrase", "prefix kub*")
    ]
    with raw(ground.desk.engines.read) as bare, searching(reading) as search:
        for form in chosen:
            found = interleaved(
                {
                    "call": partial(search, form.typed, limit=TOP),
                    "bare": partial(_bare, bare, form),
                },
                repeats,
            )
            every.append((found["call"].p50 / found["bare"].p50, form.name, found))
            lines.append(absolute(f"search call p95: {form.name}", found["call"].p95, 25.0))
    _, name, found = max(every, key=lambda item: item[0])
    lines.insert(
        0,
        against(
            "3",
            f"call beside bare SQL p50, worst: {name}",
            found["call"].p50,
            found["bare"].p50,
            3.0,
        ),
    )
    lines.insert(1, _scan(ground, {name: f["call"].p50 for _, name, f in every}, chosen))
    return lines


def _bare(connection: Any, form: Form) -> list[Any]:
    """The same page by hand: ranked numbers, a capped count, rows, passages."""
    rids = [row[0] for row in run(connection, form.ranked(), form.match)]
    run(connection, form.counted(), form.match)
    marks = ", ".join("?" * len(rids))
    rows = connection.execute(
        f"SELECT rid, dossier, name, title FROM search_doc WHERE rid IN ({marks})", rids
    )
    sql = (
        f"SELECT rowid, snippet({FULL}, 6, '[', ']', '…', 12) FROM {FULL} WHERE {FULL} MATCH ? "
        f"AND rowid BETWEEN ? AND ? AND +rowid IN ({marks})"
    )
    passages = connection.execute(sql, (form.match, min(rids), max(rids), *rids))
    return [*rows.fetchall(), *passages.fetchall()]


def _scan(ground: Ground, calls: dict[str, float], chosen: list[Form]) -> Line:
    """A regular expression over every text, as a peer searches: the least gain of three words."""
    worst = (float("inf"), 0.0, 0.0, "")
    with raw(ground.desk.engines.read) as connection:
        connection.create_function("regexp", 2, _regexp, deterministic=True)
        sql = "SELECT count(*) FROM body_text WHERE regexp(?, clm_body(body))"
        for form in chosen[:2]:
            word = re.escape(as_indexed(form.typed))
            ms = timed(partial(run, connection, sql, rf"\b{word}\b"))
            worst = min(worst, (ms / calls[form.name], ms, calls[form.name], form.name))
    ratio, ms, call, name = worst
    return Line(
        "3",
        f"a scan of all texts beside the call: {name}",
        call,
        ms,
        "ms",
        ratio,
        1_000,
        at_least=True,
    )


def _regexp(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


# 4: as one types


def typing(ground: Ground, repeats: int) -> list[Line]:
    rounds = max(3, repeats // 5)
    short = list(_beginnings(ground, 1)) + list(_beginnings(ground, 2))
    long = [BEGINNING, *_beginnings(ground, 3), *_beginnings(ground, 4), *_beginnings(ground, 5)]
    reading = ground.desk.reading
    rare = next(f for f in forms(ground) if f.name == "rare word")
    newest: dict[str, list[float]] = {"short": [], "long": [], "call": []}
    with raw(ground.desk.engines.read) as bare:
        base = interleaved({"rare": partial(run, bare, rare.ranked(), rare.match)}, repeats)[
            "rare"
        ].p50
        with searching(reading) as search, reading.engine.connect() as connection:
            index = Index(connection, reading.today, "candidate")
            for kind, typed in (("short", short), ("long", long)):
                for letters in typed:
                    form = _as_typed(ground, index, letters)
                    act = partial(run, bare, form.newest(), form.match)
                    times = interleaved({"newest": act}, rounds)["newest"]
                    newest[kind] += times.ms
                    call = partial(search, letters, typing=True)
                    newest["call"] += interleaved({"call": call}, 3)["call"].ms
    p95 = {name: Times(tuple(ms)).p95 for name, ms in newest.items()}
    return [
        against(
            "4",
            f"one and two letters, newest {TOP} p95 ({len(short)} beginnings)",
            p95["short"],
            base,
            25,
        ),
        against(
            "4", f"three letters and more, newest {TOP} p95 ({len(long)})", p95["long"], base, 60
        ),
        absolute(
            f"search call while typing p95 ({len(short) + len(long)} beginnings)", p95["call"], 25.0
        ),
    ]


def _as_typed(ground: Ground, index: Index, letters: str) -> Form:
    tree = parse(letters, typing=True).tree
    assert tree is not None
    plan = Planner("candidate", ground.desk.reading.today, index.wide).plan(tree)
    return Form(letters, letters, plan.table, plan.match)


def _beginnings(ground: Ground, size: int) -> Iterator[str]:
    """The first letters of what people search: names, titles, skills and words of a CV."""
    seen: set[str] = set()
    for person in islice(read_corpus(ground.corpus), 40):
        words = [
            person.given_name,
            person.family_name,
            person.title.split()[-1],
            *person.skills[:1],
        ]
        for word in (*words, *person.cv_text.split()[40:43]):
            letters = word[:size].lower()
            if len(letters) == size and letters.isalpha() and letters not in seen:
                seen.add(letters)
                yield letters


# 5: ten times the candidates


def scale(ground: Ground, repeats: int) -> list[Line]:
    lines = []
    large, small = ground.desk.reading, ground.small.reading
    with searching(large) as much, searching(small) as little:
        worst = (0.0, 0.0, 0.0, "")
        for form in forms(ground):
            found = interleaved(
                {"much": partial(much, form.typed), "little": partial(little, form.typed)}, repeats
            )
            a, b = found["much"].p50, found["little"].p50
            worst = max(worst, (a / b, a, b, form.name))
    what = f"ten times the candidates, worst search: {worst[3]}"
    lines.append(against("5", what, worst[1], worst[2], 2.0))
    ids = {"much": candidate_ids(large), "little": candidate_ids(small)}
    found = interleaved(
        {
            "much": lambda: candidate_rows(large, ids["much"].rids[:TOP]),
            "little": lambda: candidate_rows(small, ids["little"].rids[:TOP]),
        },
        repeats,
    )
    lines.append(
        against("5", "ten times: a page of the list", found["much"].p50, found["little"].p50, 1.3)
    )
    one = candidate_rows(large, ids["much"].rids[len(ids["much"]) // 2 :][:1])[0].id
    other = candidate_rows(small, ids["little"].rids[len(ids["little"]) // 2 :][:1])[0].id
    found = interleaved(
        {"much": lambda: candidate(large, one), "little": lambda: candidate(small, other)}, repeats
    )
    lines.append(
        against("5", "ten times: opening one", found["much"].p50, found["little"].p50, 1.3)
    )
    return lines


# names with slips


def names(ground: Ground) -> list[Line]:
    """Planted misspellings: is the person meant among the first ten shown?"""
    planted = [m for m in read_misspelt(ground.corpus) if m.candidate_id < ground.people]
    if not planted:
        return []
    times, right = [], 0
    with searching(ground.desk.reading) as search:
        for slip in planted:
            start = stopwatch.now()
            answer = search(slip.query, limit=10)
            times.append((stopwatch.now() - start) * 1000)
            shown = [hit.rid for hit in (*answer.hits, *answer.near)][:10]
            right += ground.rids[slip.candidate_id] in shown
    share = right / len(planted)
    return [
        Line(
            "A",
            f"names with slips, recall@10 ({len(planted)})",
            share,
            0.95,
            "",
            share,
            0.95,
            at_least=True,
        ),
        absolute("names with slips, search call p95", Times(tuple(times)).p95, 25.0),
    ]


def all_lines(ground: Ground, repeats: int) -> Iterator[list[Line]]:
    """One part after the other, so that a run says how far it is."""
    parts: list[tuple[str, Callable[[], list[Line]]]] = [
        ("encryption", lambda: encryption(ground, max(repeats, 100))),
        ("ranking", lambda: ranking(ground, repeats)),
        ("calls", lambda: calls(ground, repeats)),
        ("typing", lambda: typing(ground, repeats)),
        ("scale", lambda: scale(ground, repeats)),
        ("names", lambda: names(ground)),
    ]
    for name, part in parts:
        ground.say(f"search: {name}")
        yield part()


__all__ = ["Search", "all_lines"]

"""Who is found, in which order, what is shown of them, and who never is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.domain.candidate import Candidate
from clementine_crm.domain.client import Client, ClientContact
from clementine_crm.domain.consent_model import EventType, Purpose
from clementine_crm.domain.mission import Mission
from clementine_crm.domain.values import add_months
from clementine_crm.queries import search_index
from clementine_crm.queries.search import Search, SearchAnswer
from tests.integration.queries.search_home import GIVEN, Act, SearchHome
from tests.support.agency import FIRST_DAY

DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[SearchHome]:
    home = SearchHome(tmp_path)
    yield home
    home.close()


# words


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("ingénierie hydraulique", "INGENIERIE"),
        ("Ingenierie", "ingénierie"),
        ("inge\u0301nierie", "ingénierie"),
        ("manœuvre", "manoeuvre"),
        ("manoeuvre", "manœuvre"),
        ("éﬃcace", "efficace"),
        ("dé\u00advelop\u200bpement", "developpement"),
        ("\uf0b7Soudure", "soudure"),
        ("Saint-Étienne", "saint etienne"),
        ("l’ingénieur", "ingénieur"),
        ("Node.js", "node.js"),
        ("R&D", "r&d"),
        ("C++17 et Qt", "c++"),
        ("C#", "c#"),
        ("ASP.NET", ".net"),
        ("Python", "pyth*"),
    ],
)
def test_found_however_it_is_written(home: SearchHome, written: str, typed: str) -> None:
    person = home.add(body=f"Avant {written} après")
    home.add(body="Autre chose")
    assert home.found(typed) == [person]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("C++", "c"),
        ("C#", "c"),
        ("C", "c++"),
        ("C++", "c#"),
        ("contact@example.net", ".net"),
        ("python", "pyth"),
        ("sensible et cartographie", '"cartographie sensible"'),
    ],
)
def test_not_taken_for_another_word(home: SearchHome, written: str, typed: str) -> None:
    home.add(body=f"Avant {written} après")
    assert home.found(typed) == []


def test_a_phrase_stands_in_one_text(home: SearchHome) -> None:
    whole = home.add(body="une cartographie applicative sensible aux pannes")
    home.add(body="sensible applicative et cartographie")
    home.add(headline="cartographie", body="applicative sensible")
    assert home.found('"cartographie applicative sensible"') == [whole]


def test_filters_look_in_their_place_only(home: SearchHome) -> None:
    ana = home.add("Ana Roux", town="Lyon 3e", skills=("Python",), source="website_forms")
    home.add("Léo Ott", town="Villeurbanne", body="Python à Lyon", source="mail_files")
    assert home.found("city:lyon") == home.found("ville:LYON python") == [ana]
    assert home.found("skill:python") == home.found("source:website") == [ana]
    assert len(home.found("python")) == len(home.found("lyon")) == 2
    assert home.found("source:mail") != [ana]
    # A source is no word: nobody is found by the name of a form.
    assert home.found("website") == home.found("website_forms") == []


def test_consent_filter(home: SearchHome) -> None:
    pool = home.add("Ana Roux")
    applied = home.add(
        "Léo Ott", acts=(Act(EventType.APPLICATION_RECEIVED, FIRST_DAY, Purpose.APPLICATION),)
    )
    assert home.found("consent:vivier") == home.found("consent:given") == [pool]
    assert home.found("accord:candidature") == home.found("consent:OPEN") == [applied]
    assert set(home.found("NOT consent:pool OR consent:pool")) == {pool, applied}
    answer = home.search("consent:n_importe_quoi")
    assert (answer.total, answer.unknown) == (0, ("n importe quoi",))


# order


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(times=st.integers(1, 1_200), others=st.integers(0, 1_200))
def test_name_and_title_outweigh_any_number_of_body_words(
    tmp_path_factory: pytest.TempPathFactory, times: int, others: int
) -> None:
    home = SearchHome(tmp_path_factory.mktemp("order"))
    filler = "mot " * others
    title = home.add("Ana Roux", headline="Soudeuse navale", body=filler)
    name = home.add("Léo Navale", body=filler)
    often = home.add("Kim Ott", body="navale " * times)
    for n in range(4):
        home.add(f"Zoé Autre{n}", body="rien de cela")
    found = home.found("navale")
    home.close()
    assert set(found[:2]) == {name, title}
    assert found[2:] == [often]


def test_more_often_comes_first_and_the_newest_among_equals(home: SearchHome) -> None:
    one = home.add(body="alto " + "mot " * 20)
    three = home.add(body="alto alto alto " + "mot " * 18)
    same = home.add(body="alto " + "mot " * 20)
    home.add_many([{"body": "autre"}] * 5)
    assert home.found("alto") == [three, same, one]


def test_all_hits_are_ranked_while_few_then_the_newest(
    home: SearchHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "BOUNDED", 10)
    monkeypatch.setattr(search_index, "COUNTED", 15)
    people = home.add_many(
        [{"body": f"alto {'alto ' * (n % 3)}"} for n in range(9)] + [{"body": "autre"}] * 40
    )
    assert set(home.found("alto")) == set(people[:9])
    more = home.add_many([{"body": "alto"}] * 3)
    answer = home.search("alto")
    assert {h.id for h in answer.hits} == {*people[2:9], *more}
    assert (answer.total, answer.exact) == (12, True)
    older = older_of(home, answer)
    assert set(older) == set(people[:2])
    home.add_many([{"body": "alto"}] * 4)
    answer = home.search("alto")
    assert (answer.total, answer.exact) == (15, False)


def older_of(home: SearchHome, answer: SearchAnswer) -> list[bytes]:
    with home.reader.connect() as connection:
        search = Search(connection, FIRST_DAY)
        next_ones = search.older(answer)
        assert not search.older(next_ones).rids
        return [hit.id for hit in search.rows(next_ones, next_ones.rids)]


def test_pages_come_from_the_kept_numbers(home: SearchHome) -> None:
    home.add_many([{"name": f"Ana N{n}", "body": "alto"} for n in range(30)])
    answer = home.search("alto", limit=7)
    assert len(answer.hits) == 7
    assert len(answer.rids) == answer.total == 30
    with home.reader.connect() as connection:
        search = Search(connection, FIRST_DAY)
        pages = [search.rows(answer, answer.rids[at : at + 7]) for at in range(0, 30, 7)]
    shown = [hit for page in pages for hit in page]
    assert tuple(shown[:7]) == answer.hits
    assert [hit.rid for hit in shown] == list(answer.rids)
    assert len({hit.id for hit in shown}) == 30


# what is shown


def test_the_passage_shows_the_words_lit(home: SearchHome) -> None:
    home.add(
        "Ana Roux",
        headline="Soudeuse",
        town="Mâcon",
        body="Un deux trois. " * 30 + "Elle manœuvre\nen C++ sous Linux. " + "Fin. " * 30,
    )
    (hit,) = home.search('manoeuvre OR "c++"').hits
    assert (hit.name, hit.headline, hit.town, hit.why) == ("Ana Roux", "Soudeuse", "Mâcon", "text")
    assert "Elle manœuvre en C++ sous Linux." in hit.snippet
    assert [hit.snippet[a:b] for a, b in hit.passage.lit] == ["manœuvre", "C++"]
    assert len(hit.snippet) < 120


def test_the_reason_is_where_it_stands(home: SearchHome) -> None:
    home.add("Ana Alto", points=(("email", "ana@example.org"), ("phone", "+33639980001")))
    home.add("Léo Ott", headline="Chef alto")
    home.add("Kim Roux", skills=("Alto", "Basse"))
    home.add("Zoé Baud", body="alto")
    home.add("Noé Baud", points=(("email", "alto.baud@example.org"),))
    why = {hit.name: hit.why for hit in home.search("alto").hits}
    assert why == {
        "Ana Alto": "name",
        "Léo Ott": "title",
        "Kim Roux": "skills",
        "Zoé Baud": "text",
        "Noé Baud": "contacts",
    }
    (kim,) = [h for h in home.search("alto").hits if h.name == "Kim Roux"]
    assert (kim.snippet, kim.passage.lit) == ("Alto, Basse", ((0, 4),))


# whose it is

EMAILS = [
    "marie.ott@example.org",
    " Marie.Ott@EXAMPLE.org ",
    "<marie.ott@example.org>",
    "marie.ott@",
]
PHONES = [
    "06 39 98 00 17",
    "0639980017",
    "+33 6 39 98 00 17",
    "0033 639.98.00.17",
    "+33 (0)6-39-98-00-17",
]
NAMES = ["Marie Ott-Roux", "OTT ROUX marie", "ott-roux, Marie", "marie ott", "Ott"]


@pytest.mark.parametrize("text", [*EMAILS, *PHONES, *NAMES])
def test_a_name_an_address_or_a_number_finds_its_owner(home: SearchHome, text: str) -> None:
    home.add(
        "Léa Roux", body="a écrit à Marie et à marie.ott@example.org, 06 39 98 00 17, Ott Roux"
    )
    marie = home.add(
        "Marie Ott-Roux", points=(("email", "marie.ott@example.org"), ("phone", "+33639980017"))
    )
    home.add("Marie Ottolini", points=(("phone", "+33639980018"),))
    assert home.found(text)[0] == marie


def test_the_beginning_of_a_number_finds_it_while_typing(home: SearchHome) -> None:
    marie = home.add("Marie Ott", points=(("phone", "+33639980017"),))
    home.add("Léa Ott", points=(("phone", "+33739980017"),))
    assert home.found("06 39 98", typing=True) == home.found("06 39 98 0", typing=True) == [marie]


@pytest.mark.parametrize(
    "typed",
    [
        "Thibaut Lefèvre",
        "Tibo Lefevre",
        "lefebvre thibault",
        "Thibault Lefevbre",
        "Thibautl Lefebvre",
    ],
)
def test_a_name_with_a_slip_is_offered(home: SearchHome, typed: str) -> None:
    thibault = home.add("Thibault Lefebvre")
    home.add_many([{"name": n} for n in ("Thierry Lefort", "Anne Martin", "Jean Roux", "Léa Ott")])
    answer = home.search(typed)
    offered = [hit.id for hit in (*answer.hits, *answer.near)]
    assert offered[0] == thibault


def test_nothing_is_offered_for_what_is_no_name_or_was_found(home: SearchHome) -> None:
    home.add("Marie Ott", body="soudure")
    assert home.search("Marie Ott").near == ()
    assert home.search("xylophone 3").near == ()
    assert home.search('"Marei Ott"').near == ()
    assert [h.name for h in home.search("Marei Ott").near] == ["Marie Ott"]


# who is never found

HIDDEN: list[tuple[Act, ...]] = [
    (),
    (Act(EventType.SOURCED, FIRST_DAY),),
    (Act(EventType.IMPORTED_UNKNOWN, FIRST_DAY),),
    (*GIVEN, Act(EventType.WITHDRAW, FIRST_DAY)),
    (*GIVEN, Act(EventType.RESTRICTION_ON, FIRST_DAY)),
    (*GIVEN, Act(EventType.INVALIDATE, FIRST_DAY)),
    (Act(EventType.CONSENT_GIVEN, add_months(FIRST_DAY, -13)),),
    (Act(EventType.CONSENT_GIVEN, FIRST_DAY, Purpose.NEWS),),
    (Act(EventType.CONSENT_GIVEN, FIRST_DAY, Purpose.TEST),),
]


@pytest.mark.parametrize("acts", HIDDEN)
@pytest.mark.parametrize(
    "text", ["alto", "al", "Ana Roux", "ana@example.org", "Aan Rouxx", "NOT zut"]
)
def test_only_whom_the_law_lets_us_use_is_found(
    home: SearchHome, acts: tuple[Act, ...], text: str
) -> None:
    home.add("Ana Roux", "alto", acts, points=(("email", "ana@example.org"),), headline="alto")
    answer = home.search(text, typing=text == "al")
    assert (answer.hits, answer.near, answer.total, len(answer.rids)) == ((), (), 0, 0)
    assert answer.hidden == (0 if text == "Aan Rouxx" else 1)


def test_each_day_has_its_persons(home: SearchHome) -> None:
    again = add_months(FIRST_DAY, 20)
    ana = home.add(body="alto", acts=(*GIVEN, Act(EventType.CONSENT_GIVEN, again)))
    last = add_months(FIRST_DAY, 12)
    days = {
        FIRST_DAY - DAY: [],
        FIRST_DAY: [ana],
        last: [ana],
        last + DAY: [],
        again - DAY: [],
        again: [ana],
        add_months(again, 12): [ana],
        add_months(again, 12) + DAY: [],
    }
    assert {day: home.found("alto", today=day) for day in days} == days


def test_the_last_day_of_an_agreement_counts(home: SearchHome) -> None:
    ana = home.add(body="alto")
    last = add_months(FIRST_DAY, 12)
    days = (FIRST_DAY - DAY, FIRST_DAY, last, last + DAY)
    assert [home.found("alto", today=day) for day in days] == [[], [ana], [ana], []]


def test_hidden_hits_neither_count_nor_take_a_place(
    home: SearchHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "BOUNDED", 10)
    seen = home.add_many([{"body": "alto"}] * 8)
    home.add_many([{"body": "alto", "acts": ()}] * 12)
    answer = home.search("alto")
    assert {h.id for h in answer.hits} == set(seen)
    assert (answer.total, answer.exact, answer.hidden) == (8, True, 12)


def test_what_is_erased_or_changed_is_not_found(home: SearchHome) -> None:
    gone = home.add("Ana Zwanzig", "ultraviolet", headline="Quarante", skills=("Cinquante",))
    kept = home.add("Léo Ott", "infrarouge")
    assert home.found("ultraviolet") == [gone]
    with home.unit_of_work() as uow:
        uow.erase(gone, "test")
        uow.commit()
    for text in ("ultraviolet", "zwanzig", "quarante", "cinquante", "zw", "Anna Zwanzieg"):
        answer = home.search(text, typing=len(text) < 3)
        assert (answer.hits, answer.near, answer.hidden) == ((), (), 0)
    words = home.vocabulary("search_fts") | home.vocabulary("search_short")
    assert words.isdisjoint({"ultraviolet", "zwanzig", "quarante", "cinquante"})
    assert home.vocabulary("search_tri").isdisjoint({"zwa", "wan", "anz", "nzi"})
    with home.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM findable").scalar() == 1
    with home.unit_of_work() as uow:
        uow.get(Candidate, kept).headline = "Violoncelliste"
        uow.commit()
    assert home.found("violoncelliste") == home.found("infrarouge violon*") == [kept]


# other dossiers


def test_each_kind_is_searched_alone(home: SearchHome) -> None:
    person = home.add("Ana Alto", town="Lyon")
    with home.unit_of_work() as uow:
        client = uow.open_dossier("client")
        uow.add(Client(client, "Alto Navale", town="Mâcon", id=client))
        uow.add(ClientContact(client, given_name="Léo", family_name="Ott", email="leo@example.org"))
        mission = uow.open_dossier("mission")
        uow.add(Mission(mission, "REF-7", "Chef alto", id=mission))
        uow.commit()
    assert home.found("alto") == [person]
    assert home.found("alto", kind="client") == [client]
    assert home.found("alto", kind="mission") == home.found("ref-7", kind="mission") == [mission]
    assert home.found("leo@example.org", kind="client") == [client]
    (hit,) = home.search("al", kind="client", typing=True).hits
    assert (hit.name, hit.town) == ("Alto Navale", "Mâcon")
    assert home.found("NOT zut", kind="mission") == [mission]
    assert home.found("consent:pool", kind="client") == []

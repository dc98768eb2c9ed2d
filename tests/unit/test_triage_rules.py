"""Whose item it is, which mission is meant, when it turns red."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.domain.triage import (
    TriageRule,
    assign,
    nearest_missions,
    normal_reference,
    overdue,
    triage_due,
    week_of,
)


@dataclass
class Item:
    form: str = ""
    subject: str = ""
    company: str = ""
    position: str = ""
    reference: str = ""


@dataclass
class Mandate:
    reference: str
    title: str
    status: str = "open"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("REF-2026-0147", "2026-0147"),
        ("ref 2026-0147", "2026-0147"),
        ("Réf. : 2026/0147", "2026-0147"),
        ("  ref2026_0147 ", "2026-0147"),
        ("Référence de l’annonce n° 2026-0147", "2026-0147"),
        ("réf. CLM-2024-110", "clm-2024-110"),
        ("CLM2024/110", "clm-2024-110"),
        ("", ""),
        ("-- : --", ""),
        ("ref", "ref"),
    ],
)
def test_a_reference_however_written(text: str, normal: str) -> None:
    assert normal_reference(text) == normal


@given(st.text(max_size=60))
def test_a_normal_reference_stays_as_it_is(text: str) -> None:
    assert normal_reference(normal_reference(text)) == normal_reference(text)


MISSIONS = (
    Mandate("REF-2026-0147", "Développeur Python (H/F)"),
    Mandate("REF-2026-0148", "Comptable"),
    Mandate("REF-2026-0151", "Responsable logistique"),
    Mandate("REF-2025-0099", "Développeuse Java", "closed"),
    Mandate("CLM-2024-110", "Infirmière de nuit", "closed"),
    Mandate("CLM-2026-201", "Infirmier de nuit F/H"),
)


def suggested(reference: str, position: str) -> list[str]:
    return [s.mission.reference for s in nearest_missions(reference, position, MISSIONS)]


def test_the_reference_decides() -> None:
    (first, *_) = nearest_missions("ref 2026-0147", "", MISSIONS)
    assert (first.mission.reference, first.because, first.score) == (
        "REF-2026-0147",
        "reference",
        1.0,
    )
    assert suggested("Ref 2026 147", "")[0] == "REF-2026-0147"
    assert suggested("Candidature REF-2026-0151 suite à votre annonce", "")[0] == "REF-2026-0151"
    assert suggested("REF-2026-0147", "Comptable")[0] == "REF-2026-0147"


def test_a_slip_in_the_reference_is_settled_by_the_title() -> None:
    assert suggested("REF-2026-0157", "comptable")[0] == "REF-2026-0148"
    assert suggested("REF-2026-0157", "developpeur python")[0] == "REF-2026-0147"


def test_without_reference_the_title_speaks() -> None:
    assert suggested("", "Développeuse Python")[0] == "REF-2026-0147"
    assert suggested("", "Responsable logistique F/H")[0] == "REF-2026-0151"
    assert suggested("", "Directeur de théâtre") == []
    assert suggested("", "") == []


def test_a_closed_mission_is_not_suggested_but_its_like_is() -> None:
    assert suggested("CLM-2024-110", "") == ["CLM-2026-201"]
    assert "REF-2025-0099" not in suggested("REF-2025-0099", "Développeuse Java")


def test_at_most_the_limit() -> None:
    many = [Mandate(f"X-{n}", "Comptable") for n in range(50)]
    assert len(nearest_missions("", "comptable", many)) == 5


RULES = (
    TriageRule("paie@example.org", position="comptab*, paie"),
    TriageRule("sante@example.org", subject="infirmi*, soins", company="clinique"),
    TriageRule("clm@example.org", reference="CLM-2026-*"),
    TriageRule("clients@example.org", form="Contact FR"),
)


@pytest.mark.parametrize(
    ("item", "consultant"),
    [
        (Item(position="Chef COMPTABLE confirmé"), "paie@example.org"),
        (Item(position="Gestionnaire de paie"), "paie@example.org"),
        (Item(position="Payeur"), None),
        (Item(subject="Poste d’Infirmière", company="Clinique du Parc"), "sante@example.org"),
        (Item(subject="Poste d’infirmière", company="Mairie"), None),
        (Item(reference="réf. CLM 2026/201"), "clm@example.org"),
        (Item(reference="CLM-2025-201"), None),
        (Item(form="contact-fr"), "clients@example.org"),
        (Item(form="contact-fr-bis"), None),
        (Item(form="contact-fr", position="paie"), "paie@example.org"),
        (Item(), None),
    ],
)
def test_the_first_rule_that_fits_gives_the_consultant(item: Item, consultant: str | None) -> None:
    assert assign(item, RULES) == consultant


def test_an_empty_rule_takes_nothing() -> None:
    assert (
        assign(Item(position="paie"), [TriageRule("x@example.org"), TriageRule("x", form=" , ")])
        is None
    )
    assert assign(Item(position="paie"), []) is None


@given(st.text(max_size=30), st.text(max_size=60))
def test_a_pattern_is_no_program(pattern: str, text: str) -> None:
    assign(
        Item(position=text, reference=text), [TriageRule("x", position=pattern, reference=pattern)]
    )


def test_a_hostile_pattern_takes_no_time() -> None:
    start = time.process_time()
    assign(Item(position="a" * 100_000 + " b"), [TriageRule("x", position="a*a*a*a*a*a*a*a*c")])
    assert time.process_time() - start < 1


def test_weeks_and_the_red_day() -> None:
    assert week_of(date(2026, 11, 24)) == "2026-W48"
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert week_of(date(2025, 12, 29)) == "2026-W01"
    assert triage_due(date(2026, 3, 25)) == date(2026, 4, 1)
    assert not overdue(date(2026, 3, 25), date(2026, 4, 1))
    assert overdue(date(2026, 3, 25), date(2026, 4, 2))

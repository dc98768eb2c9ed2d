"""Invented people and their CVs, drawn from the word lists ``fr.toml`` and ``en.toml``."""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

YEAR = 2026
"""The year in which the CVs were written: a current job says « since », never a length."""

DOMAINS = ("example.com", "example.org", "example.net", "courriel.example.org", "mail.example.com")
Lang = Literal["fr", "en"]


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist. ``phone`` is of the range kept for fiction, without blanks."""

    given_name: str
    family_name: str
    email: str
    phone: str
    town: str
    street: str
    lang: Lang
    female: bool


@dataclass(frozen=True)
class Job:
    """One line of a career; ``end`` is 0 while it lasts."""

    start: int
    end: int
    title: str
    employer: str
    town: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Cv:
    """What a CV says, before any layout."""

    person: Person
    trade: str
    label: str
    title: str
    profile: str
    jobs: tuple[Job, ...]
    education: tuple[tuple[int, str, str], ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    interests: str
    headings: Mapping[str, str]
    birth: str = ""

    def years(self, job: Job) -> str:
        """The years of a job as printed."""
        return f"{job.start} – {job.end}" if job.end else f"{self.headings['since']} {job.start}"


@cache
def words(lang: Lang) -> dict[str, Any]:
    """The word lists of a language."""
    return tomllib.loads((Path(__file__).parent / f"{lang}.toml").read_text("utf-8"))


def ascii_fold(text: str) -> str:
    """Lower-case letters and digits only, accents folded: for e-mail and file names."""
    flat = unicodedata.normalize("NFD", text.replace("œ", "oe")).lower()
    return re.sub(r"[^a-z0-9]", "", flat)


def spoken_phone(person: Person, style: int) -> str:
    """The phone as people write it: four usual ways."""
    pairs = [person.phone[k : k + 2] for k in range(0, 10, 2)]
    international = f"+33 {pairs[0][1]} " + " ".join(pairs[1:])
    return (" ".join(pairs), ".".join(pairs), international, person.phone)[style % 4]


class Crowd:
    """Draws people one after the other, never twice the same name, phone or e-mail."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._taken: set[str] = set()
        self._phones = list(range(10_000))
        self.random.shuffle(self._phones)
        self._families: dict[Lang, list[str]] = {}

    def person(self, lang: Lang) -> Person:
        """One more person of a language."""
        source, rnd = words(lang), self.random
        female = rnd.random() < 0.52
        given = rnd.choice(source["given_f" if female else "given_m"])
        family = self._family(lang)
        name = f"{ascii_fold(given)}.{ascii_fold(family)}"
        if name in self._taken:
            return self.person(lang)
        self._taken.add(name)
        number = self._phones.pop()
        return Person(
            given_name=given,
            family_name=family,
            email=f"{name}{rnd.choice(('', '', str(rnd.randint(10, 99))))}@{rnd.choice(DOMAINS)}",
            phone=f"063998{number:04d}",
            town=rnd.choice(source["towns"]),
            street=f"{rnd.randint(2, 98)} {rnd.choice(source['streets'])}",
            lang=lang,
            female=female,
        )

    def _family(self, lang: Lang) -> str:
        """Every family name once before any comes back."""
        if not self._families.get(lang):
            self._families[lang] = list(words(lang)["family"])
            self.random.shuffle(self._families[lang])
        return self._families[lang].pop()

    def cv(self, person: Person, trade: str) -> Cv:
        """A coherent CV of that person in a trade of her language."""
        source, rnd = words(person.lang), self.random
        craft = source["trade"][trade]
        years = rnd.randint(4, 21)
        jobs = self._career(person, craft, years)
        first = jobs[-1].start
        best = rnd.randrange(2) if trade not in ("nursing", "care") else 0
        diplomas = [craft["diplomas"][best], *craft["diplomas"][-1:]][: rnd.choice((1, 2, 2))]
        education = tuple(
            (first - 2 * k, diploma, rnd.choice(source["schools"]))
            for k, diploma in enumerate(diplomas)
        )
        say = {"years": years, "town": person.town, "trait": rnd.choice(source["traits"])}
        profile = rnd.choice(source["profile"]).format(**say)
        if person.female:
            profile = profile.replace("Fort de", "Forte de")
            profile = profile.replace("aussi bien seul qu", "aussi bien seule qu")
        return Cv(
            person=person,
            trade=trade,
            label=craft["label"],
            title=jobs[0].title,
            profile=profile,
            jobs=jobs,
            education=education,
            skills=tuple(rnd.sample(craft["skills"], min(len(craft["skills"]), 7))),
            languages=tuple(rnd.choice(source["languages"]).split("\n")),
            interests=rnd.choice(source["interests"]),
            headings=source["headings"],
        )

    def _career(self, person: Person, craft: dict[str, Any], years: int) -> tuple[Job, ...]:
        source, rnd = words(person.lang), self.random
        count = 2 if years < 7 else 3 if years < 14 else 4
        cuts = sorted(rnd.sample(range(YEAR - years + 1, YEAR), count - 1), reverse=True)
        starts = [*cuts, YEAR - years]
        tasks = list(craft["tasks"])
        rnd.shuffle(tasks)
        top = len(craft["titles"]) - 1 - (1 if years < 7 else rnd.randrange(2) if years < 14 else 0)
        jobs = []
        for k, start in enumerate(starts):
            titles = craft["titles"][max(0, top - k)]
            share = 5 if count == 2 else 3 if k else 4
            lines = [tasks.pop() for _ in range(min(share, len(tasks)))]
            jobs.append(
                Job(
                    start=start,
                    end=0 if k == 0 and rnd.random() < 0.75 else ([YEAR, *cuts][k]),
                    title=titles[person.female],
                    employer=self._employer(source, craft, person.lang),
                    town=person.town if k == 0 else rnd.choice(source["towns"]),
                    tasks=tuple(lines),
                )
            )
        return tuple(job for job in jobs if job.tasks)

    def _employer(self, source: dict[str, Any], craft: dict[str, Any], lang: Lang) -> str:
        kind, name = self.random.choice(craft["prefix"]), self.random.choice(source["coined"])
        return f"{kind} {name}" if lang == "fr" else f"{name} {kind}"


def newer(cv: Cv, crowd: Crowd) -> Cv:
    """The same person's CV some months later: a new post, one skill more, another town."""
    source = words(cv.person.lang)
    craft = source["trade"][cv.trade]
    last = replace(cv.jobs[0], end=YEAR)
    post = Job(
        start=YEAR,
        end=0,
        title=craft["titles"][-1][cv.person.female],
        employer=crowd._employer(source, craft, cv.person.lang),  # noqa: SLF001 - same module
        town=cv.person.town,
        tasks=tuple(crowd.random.sample(craft["tasks"], 3)),
    )
    missing = [skill for skill in craft["skills"] if skill not in cv.skills]
    return replace(
        cv, title=post.title, jobs=(post, last, *cv.jobs[1:]), skills=(*cv.skills, *missing[:1])
    )

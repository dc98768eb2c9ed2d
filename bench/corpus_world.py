"""The people of the bench corpus: person ``i`` depends on (seed, i) alone."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Literal

from bench.demo.people import words as trade_words

DUPLICATES_PER_10_000 = 300
POOL = 900
"""Sentences made beforehand for each language and trade."""
TAIL = 40_000
"""Invented words, so that rare terms exist as in real texts."""

NEEDLES: dict[str, tuple[str, int, int]] = {
    "rare_word": ("zwoxygraphe", 9_967, 19),
    "phrase": ("urbanisation applicative résiliente", 1_013, 3),
    "phrase_decoy": ("résiliente applicative et urbanisation", 1_013, 4),
    "accented": ("géothermie profonde", 2_011, 9),
    "accentless": ("geothermie profonde", 2_011, 10),
    "prefix": ("zyxomètre", 499, 11),
}
"""Planted texts: (text, every n-th person, offset). No invented word has an x, a y or a z."""

DOMAINS = ("example.com", "example.org", "example.net", "post.example.com", "boite.example.org")
Lang = Literal["fr", "en"]


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case without accents, hyphens and apostrophes as blanks: how names are compared."""
    flat = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(re.split(r"[^a-z0-9]+", bare)).strip()


def seed_of(*parts: int | str) -> int:
    """64 bits that depend on every part."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def zipf(items: Sequence[str], flatness: float) -> tuple[str, ...]:
    """A table to draw from in which the k-th item stands about 1/(k + flatness) of the time."""
    weights = [1 / (k + flatness) for k in range(len(items))]
    scale = max(600.0, 3.0 * len(items)) / sum(weights)
    repeated = ([item] * max(1, round(w * scale)) for item, w in zip(items, weights, strict=True))
    return tuple(item for group in repeated for item in group)


@cache
def corpus_words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "corpus_words.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Trade:
    """Drawing tables of one trade in one language."""

    titles: tuple[str, ...]
    skills: tuple[str, ...]
    sentences: tuple[tuple[str, int], ...]


class World:
    """Vocabularies built once a process from the seed; then ``person(i)`` for any i."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        rnd = Random(seed_of(seed, "world"))
        words = corpus_words()
        self._words = words
        syllables, endings = words["syllables"], words["endings"]
        tail = dict.fromkeys(
            "".join(rnd.choices(syllables, k=rnd.choice((2, 3, 3, 4)))) + rnd.choice(endings)
            for _ in range(TAIL)
        )
        self._tail = zipf(list(tail), 25)
        houses = [f"{word.capitalize()} {rnd.choice(words['kinds'])}" for word in list(tail)[:4000]]
        self._houses = zipf(houses, 6)
        self.given: dict[Lang, tuple[str, ...]] = {}
        self.family: dict[Lang, tuple[str, ...]] = {}
        self._cities: dict[Lang, tuple[str, ...]] = {}
        self._trades: dict[Lang, tuple[Trade, ...]] = {}
        for lang in ("fr", "en"):
            self._learn(lang, rnd)

    def _learn(self, lang: Lang, rnd: Random) -> None:
        trades, own = trade_words(lang), self._words[lang]
        given = [*own["given"], *own["compound"], *trades["given_m"], *trades["given_f"]]
        family = [root + tail for root in own["roots"] for tail in own["tails"]] + trades["family"]
        rnd.shuffle(given)
        rnd.shuffle(family)
        self.given[lang] = zipf(list(dict.fromkeys(given)), 40)
        self.family[lang] = zipf(list(dict.fromkeys(family)), 90)
        self._cities[lang] = zipf(trades["towns"], 3)
        made = [self._trade(own, craft, name, rnd) for name, craft in trades["trade"].items()]
        order = list(zipf([str(k) for k in range(len(made))], 4))
        self._trades[lang] = tuple(made[int(k)] for k in order)

    def _trade(self, own: dict[str, Any], craft: dict[str, Any], name: str, rnd: Random) -> Trade:
        titles = list(dict.fromkeys(title for pair in craft["titles"] for title in pair))
        more = self._words["software_skills" if name in ("software", "systems") else "more_skills"]
        skills = zipf([*craft["skills"], *more], 3)
        sentences = []
        for _ in range(POOL):
            tail = " ".join(rnd.choices(self._tail, k=rnd.choice((0, 1, 1, 2))))
            pieces = [rnd.choice(craft["tasks"]), rnd.choice(own["context"])]
            if tail:
                pieces.append(f"{rnd.choice(own['tool'])} {tail}")
            # The typewriter's apostrophe, as most CVs have it: also keeps the text one byte a letter.
            line = f"- {', '.join(pieces)}, {rnd.choice(skills)}.".replace("’", "'")
            sentences.append((line, len(line.split())))
        return Trade(tuple(titles), skills, tuple(sentences))

    def is_duplicate(self, i: int) -> bool:
        return i > 0 and seed_of(self.seed, "twin", i) % 10_000 < DUPLICATES_PER_10_000

    def original(self, i: int) -> int:
        """The earlier person, herself no copy, whom the duplicate ``i`` repeats."""
        for attempt in count():
            j = seed_of(self.seed, "of", i, attempt) % i
            if not self.is_duplicate(j):
                return j
        raise AssertionError  # person 0 is never a copy

    def name(self, i: int) -> tuple[Random, Lang, str, str]:
        """The first draws of a person: her random source, language and names."""
        source = Random(seed_of(self.seed, i))
        draw = source.random
        lang: Lang = "fr" if draw() < 0.7 else "en"
        given, family = self.given[lang], self.family[lang]
        return source, lang, given[int(draw() * len(given))], family[int(draw() * len(family))]

    def person(self, i: int) -> dict[str, Any]:
        """Person ``i`` as the corpus writes her, before anybody copies her."""
        source, lang, given, family = self.name(i)
        draw = source.random

        def pick(items: Sequence[Any]) -> Any:
            return items[int(draw() * len(items))]

        trade = pick(self._trades[lang])
        title, city, number = pick(trade.titles), pick(self._cities[lang]), int(draw() * 10_000)
        user = re.sub("[^a-z]+", "-", fold(given)) + "." + re.sub("[^a-z]+", "", fold(family))
        email = f"{user}.{i:x}@{DOMAINS[number % len(DOMAINS)]}"
        start = "06 39 98 {:02d} {:02d}" if lang == "fr" else "07700 90{:02d}{:02d}"
        phone = start.format(number // 100, number % 100)
        skills = list(dict.fromkeys(source.choices(trade.skills, k=5 + int(draw() * 8))))
        head = [f"{given} {family}", title, city, email, phone]
        return {
            "id": i,
            "lang": lang,
            "given_name": given,
            "family_name": family,
            "email": email,
            "phone": phone,
            "city": city,
            "title": title,
            "skills": skills,
            "cv_text": self._cv(i, lang, trade, head, skills, source),
            "applications": [
                {
                    "job": pick(trade.titles),
                    "company": pick(self._houses),
                    "stage": pick(self._words["stages"]),
                    "date": _day(pick),
                }
                for _ in range(int(draw() ** 2 * 5))
            ],
            "notes": [
                {"date": _day(pick), "text": pick(self._words[lang]["note"])}
                for _ in range(int(draw() ** 2 * 4))
            ],
        }

    def _cv(
        self, i: int, lang: Lang, trade: Trade, head: list[str], skills: list[str], source: Random
    ) -> str:
        draw = source.random

        def pick(items: Sequence[Any]) -> Any:
            return items[int(draw() * len(items))]

        heads, shared = self._words[lang]["heads"], trade_words(lang)
        lines = [*head, "", heads[0], pick(shared["traits"]), "", heads[1]]
        wanted, year = pick(range(265, 1000)), 2026
        while wanted > 0:
            before = year - pick((1, 2, 3, 4))
            lines.append(
                f"{before} - {year} : {pick(trade.titles)}, {pick(self._houses)}, {pick(self._cities[lang])}"
            )
            year = before
            wanted -= 16  # about the words of the job's own two lines
            for line, size in source.choices(trade.sentences, k=pick((5, 7, 9, 11))):
                if wanted <= 0:
                    break
                lines.append(line)
                wanted -= size
            lines.append(" ".join(source.choices(self._tail, k=3)))
        lines += [f"- {text}." for text, every, at in NEEDLES.values() if i % every == at]
        diploma = f"{year} : {pick(shared['schools'])}, {pick(self._cities[lang])}"
        lines += ["", heads[2], diploma, "", heads[3], ", ".join(skills)]
        lines += [
            "",
            heads[4],
            pick(shared["languages"]),
            "",
            heads[5],
            pick(shared["interests"]),
            "",
        ]
        return "\n".join(lines)


def _day(pick: Any) -> str:
    return f"{pick(range(2020, 2027))}-{pick(range(1, 13)):02d}-{pick(range(1, 29)):02d}"

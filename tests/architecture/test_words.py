"""The catalogues: both languages say the same things, every error has its sentence, in good type."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from clementine_crm import errors
from clementine_crm.words import LANGUAGES, Words, keys

ROOT = Path(__file__).resolve().parents[2]
FR, EN = keys("fr"), keys("en")
Entry = str | dict[str, str]


def forms(entry: Entry) -> list[str]:
    """A sentence, or each of the forms of one that counts."""
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def parameters(entry: Entry) -> set[str]:
    return {
        name.partition(".")[0].partition("[")[0]
        for form in forms(entry)
        for _, name, _, _ in string.Formatter().parse(form)
        if name is not None
    }


def source_files() -> list[Path]:
    rooms = ("clementine_crm", "plugins", "ui", "installer")
    found = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    return [*found, ROOT / "main.py"]


# The same things in both languages


def test_french_and_english_have_the_same_keys() -> None:
    assert FR.keys() - EN.keys() == set(), "only French"
    assert EN.keys() - FR.keys() == set(), "only English"


def test_both_say_a_sentence_with_the_same_parameters() -> None:
    differing = {
        key: (parameters(FR[key]), parameters(EN[key]))
        for key in FR.keys() & EN.keys()
        if parameters(FR[key]) != parameters(EN[key])
    }
    assert differing == {}


def test_what_counts_has_its_two_forms() -> None:
    wrong = [
        f"{lang} {key}"
        for lang, catalogue in (("fr", FR), ("en", EN))
        for key, entry in catalogue.items()
        if isinstance(entry, dict) and set(entry) != {"one", "other"}
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_file_takes_a_key_from_another_and_none_is_empty(lang: str) -> None:
    seen: Counter[str] = Counter()
    for path in sorted((ROOT / "resources" / "words" / lang).glob("*.toml")):
        for section, entries in tomllib.loads(path.read_text("utf-8")).items():
            seen.update(f"{section}.{key}" for key in entries)
    assert [key for key, times in seen.items() if times > 1] == []
    empty = [key for key, entry in keys(lang).items() if not all(map(str.strip, forms(entry)))]
    assert empty == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_can_be_filled(lang: str) -> None:
    words = Words(lang)
    for key, entry in keys(lang).items():
        words(key, **dict.fromkeys(parameters(entry), 2))


# Every error has its sentence


def raised() -> Iterator[tuple[str, str]]:
    """``file:line`` and key of every failure made from a key written in the code."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in source_files()}
    classes = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {
        "SetUpError"
    }
    grown = True
    while grown:  # classes of other rooms that are errors by descent
        heirs = {
            node.name
            for tree in trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(_last_name(base) in classes for base in node.bases)
        }
        grown = not heirs <= classes
        classes |= heirs
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _last_name(node.func) in classes:
                for key in _constants(node.args[0]):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", key


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _constants(node.body) + _constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_error_raised_has_its_sentence() -> None:
    found = list(raised())
    assert len(found) > 100
    assert [f"{where}: {key}" for where, key in found if f"errors.{key}" not in FR] == []


def test_no_sentence_for_an_error_that_nobody_raises() -> None:
    code = "\n".join(path.read_text("utf-8") for path in source_files())
    names = set(re.findall(r"[a-z][a-z0-9_]+", code))
    sections = (key.partition(".") for key in FR)
    assert [key for section, _, key in sections if section == "errors" and key not in names] == []


# Type


THIN = "\u00a0\u202f"
FRENCH = {
    "a straight apostrophe": re.compile(r"'"),
    "straight quotes": re.compile(r"\""),
    "no no-break space before a sign": re.compile(
        rf"[^{THIN}\s?!]([;!?](?!\w)|»)|[^{THIN}\d]:(?=\s|$)"
    ),
    "an ordinary space before a sign": re.compile(r" [;!?»]| :(?=\s|$)"),
    "no no-break space after «": re.compile(rf"«[^{THIN}]"),
    "three dots": re.compile(r"\.\.\."),
}
ENGLISH = {name: FRENCH[name] for name in ("a straight apostrophe", "three dots")}
# What a person copies into a terminal or types into the search, or a help in columns, is not prose.
NOT_PROSE = re.compile(r"setup\.help_|errors\.setup_no_screen|cli\.search$")


@pytest.mark.parametrize(("lang", "rules"), [("fr", FRENCH), ("en", ENGLISH)])
def test_sentences_are_well_set(lang: str, rules: dict[str, re.Pattern[str]]) -> None:
    wrong = [
        f"{key}: {name}: {form}"
        for key, entry in keys(lang).items()
        if not NOT_PROSE.match(key)
        for form in forms(entry)
        for name, rule in rules.items()
        if rule.search(re.sub(r"\{[^}]*\}|https?://\S+", "x", form))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("L'agence", "a straight apostrophe"),
        ("Vraiment?", "no no-break space before a sign"),
        ("Vraiment ?", "an ordinary space before a sign"),
        ("Reste: deux", "no no-break space before a sign"),
        ("« mot »", "an ordinary space before a sign"),
        ("«mot\u00a0»", "no no-break space after «"),
        ("Attendez...", "three dots"),
    ],
)
def test_each_fault_of_type_is_seen(sentence: str, fault: str) -> None:
    assert FRENCH[fault].search(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["À 10:30", "L’agence\u00a0: « mot »".replace("« mot »", "«\u00a0mot\u202f»"), "Oui\u202f?!"],
)
def test_good_type_is_left_alone(sentence: str) -> None:
    assert [name for name, rule in FRENCH.items() if rule.search(sentence)] == []

"""Every key that a plugin of ours gives has its sentence, in both languages, with the same parameters."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from clementine_crm.plugin_host.manifest import read_manifest
from clementine_crm.words import keys

PLUGINS = Path(__file__).parents[2] / "plugins"
GIVEN = re.compile(r"\"((?:form|mail|msg)_[a-z_]+)\"")
KINDS = ("auto_reply", "bounce", "list")


def given_keys() -> set[str]:
    """Reasons, warnings and set-aside keys as they stand in the plugins' code."""
    settings = {
        s.key for p in PLUGINS.glob("*/plugin.toml") for s in read_manifest(p.parent).settings
    }
    folders = {p.parent.name for p in PLUGINS.glob("*/plugin.toml")}
    found = {
        key for path in PLUGINS.rglob("*.py") for key in GIVEN.findall(path.read_text("utf-8"))
    }
    # mail_files joins "mail_" and what the message is.
    return (found | {f"mail_{kind}" for kind in KINDS}) - settings - folders - {"mail_tnef"}


def holes(sentence: str | dict[str, str]) -> set[str]:
    texts = [sentence] if isinstance(sentence, str) else list(sentence.values())
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(given_keys()))
def test_a_key_has_its_sentence_in_both_languages(key: str) -> None:
    french, english = (keys(lang)[f"reading.{key}"] for lang in ("fr", "en"))
    assert holes(french) == holes(english)
    assert french != english


def test_there_are_keys_to_look_at() -> None:
    assert len(given_keys()) > 30
    assert "plugins.website_forms_labels" in keys("fr")
    assert "plugins.website_forms_labels" in keys("en")

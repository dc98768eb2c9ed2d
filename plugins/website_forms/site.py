"""What the agency said about its site: addresses, names of the five forms, words of their boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .labels import FIELDS, canonical, fold

FORMS = ("contact-fr", "spontaneous-fr", "targeted-fr", "contact-en", "spontaneous-en")
"""The five forms of the charter; there is no targeted one in English."""

_canonical = lru_cache(maxsize=2_048)(canonical)


@dataclass(frozen=True)
class Site:
    """The settings, understood.

    ``names`` are the words by which a form is known (its title, its short name, its page), folded;
    ``boxes`` the exact words of a form's boxes by field, "" for any; ``labels`` the webmaster's own
    labels, folded, by the field they name; ``misnamed`` those that name no field.
    """

    addresses: frozenset[str] = frozenset()
    notice_version: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    misnamed: tuple[str, ...] = ()
    day_first: bool = True

    def field_of(self, label: str) -> str:
        """As ``labels.canonical``; the webmaster's own labels come first, but never a forbidden one."""
        found = _canonical(label)
        return found if found == "forbidden" else self.labels.get(fold(label), found)

    def form_named(self, *texts: str) -> str:
        """The form whose name stands in a text that the site wrote; empty when none or two do."""
        where = " | ".join(fold(text) for text in texts)
        found = {
            form
            for form, names in self.names.items()
            if any(
                re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", where) for name in names
            )
        }
        return found.pop() if len(found) == 1 else ""

    def box(self, form: str, label: str) -> str:
        """The exact words of a form's box, empty when nobody wrote them down."""
        boxes = self.boxes.get(form, {})
        return boxes.get(fold(label)) or boxes.get("", "")


def site_of(settings: Mapping[str, str | int | bool]) -> Site:
    """The site as the plugin's settings describe it. No text makes it raise."""
    labels, misnamed = _own_labels(str(settings.get("labels", "")))
    addresses = re.split(r"[\s,;]+", str(settings.get("site_addresses", "")).casefold())
    names = {form: _names(str(settings.get(_key("form", form), ""))) for form in FORMS}
    boxes = {form: _boxes(str(settings.get(_key("box", form), ""))) for form in FORMS}
    return Site(
        addresses=frozenset(address for address in addresses if address),
        notice_version=str(settings.get("notice_version", "")),
        names={form: found for form, found in names.items() if found},
        boxes={form: found for form, found in boxes.items() if found},
        labels=labels,
        misnamed=misnamed,
        day_first=settings.get("date_order", "dmy") != "mdy",
    )


def _key(kind: str, form: str) -> str:
    return f"{kind}_{form.replace('-', '_')}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(folded for name in re.split(r"[,;]", text) if (folded := fold(name)))


def _boxes(text: str) -> Mapping[str, str]:
    """``rgpd = J’accepte… | vivier = Gardez…``, or one sentence for whatever box the form has."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split("|"))):
        name = re.match(r"([\w-]{1,60})\s*=\s*(.+)", part, re.DOTALL)
        found[fold(name[1]) if name else ""] = name[2].strip() if name else part
    return found


def _own_labels(text: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """``Quel métier ? = position; Votre CP = town``: a field's name behind each label."""
    found: dict[str, str] = {}
    misnamed: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        label, _, name = part.rpartition("=")
        if fold(label) and name.strip() in FIELDS:
            found[fold(label)] = name.strip()
        else:
            misnamed.append(part)
    return found, tuple(misnamed)

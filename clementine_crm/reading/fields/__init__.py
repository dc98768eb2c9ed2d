"""Fields of a CV proposed from its text, each with its place: blank rather than wrong."""

from __future__ import annotations

from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.address import propose_places
from clementine_crm.reading.fields.career import (
    propose_companies,
    propose_diplomas,
    propose_headline,
)
from clementine_crm.reading.fields.contact import (
    emails_in,
    phones_in,
    propose_emails,
    propose_phones,
)
from clementine_crm.reading.fields.genre import is_cv
from clementine_crm.reading.fields.language import language_of
from clementine_crm.reading.fields.lines import lines_of
from clementine_crm.reading.fields.names import find_name
from clementine_crm.reading.fields.others import mark_institution, mark_others
from clementine_crm.reading.fields.skills import (
    propose_languages,
    propose_links,
    propose_skills,
)

__all__ = ["language_of", "propose_fields"]


def propose_fields(
    text: str, page_starts: tuple[int, ...] = (), language: str = ""
) -> tuple[ProposedField, ...]:
    """What a CV says about its person; nothing for a text that is nobody's CV.

    ``page_starts`` and ``language`` are those of ``DocumentText``. Total: any text gives an answer,
    in time linear in its length. Telephones are E.164, languages ISO 639 codes with the CEFR level
    where one is written (``en B2``), links absolute. Values of ``gdpr.md`` 6.1 are never read.
    """
    lines = mark_others(lines_of(text, page_starts))
    emails = emails_in(lines)
    name = find_name(lines, emails)
    if not is_cv(lines, name):
        return ()
    marked = mark_institution(lines, name.given.line.number) if name else lines
    if marked is not lines:
        lines, emails = marked, emails_in(marked)
    phones = phones_in(lines, language)
    read = [one for one in lines if one.section != "letter"]
    contacts = [*emails, *phones]
    name_words = name.words if name else []
    addresses = propose_emails(emails, name_words)
    numbers = propose_phones(phones, addresses)
    proposed = (
        *(name.propose() if name else []),
        *addresses,
        *numbers,
        *propose_headline(read, name),
        *propose_places(read, contacts, [*addresses, *numbers], name_words),
        *propose_companies(read),
        *propose_diplomas(read),
        *propose_skills(read),
        *propose_languages(read),
        *propose_links(read, name, contacts),
    )
    told = {(one.name, one.value): one for one in reversed(proposed)}
    return tuple(
        one
        for one in proposed
        if one.value and one.place.quote and told[one.name, one.value] is one
    )

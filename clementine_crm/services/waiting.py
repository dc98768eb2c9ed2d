"""What may be done with an item while it waits: mend what was read, read again, put back in line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, get_args

from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.domain.document import Document
from clementine_crm.domain.forbidden import refuse_identifiers
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.domain.inbox import DISCARDING, WAITING, InboxItem
from clementine_crm.domain.values import tidy_name
from clementine_crm.errors import NotFound, StaleData, ValidationError
from clementine_crm.plugin_api import DocumentText
from clementine_crm.plugin_api.reading import FieldName
from clementine_crm.services.candidates import checked_point
from clementine_crm.services.items import ReadValue, read_values, values_of, write_values
from clementine_crm.services.work import Command, OnItems, Work, handles

BY_HAND = "by_hand"
FIELDS: tuple[str, ...] = get_args(FieldName)
"""What may be corrected: the values an item may have, no other."""


@dataclass(frozen=True)
class ValueEdit:
    """The values of one field: ``was`` is what the screen showed, ``now`` what they are."""

    name: str
    was: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True)
class CorrectItem(Command[Id]):
    """Correct what was read of a waiting item; what a person wrote counts before any reading.

    A value that stays keeps the line it was read from. ValidationError ``no_such_cell``,
    ``not_an_email``, ``not_a_phone``; StaleData ``changed_meanwhile`` when another corrected it.
    """

    item: Id
    edits: tuple[ValueEdit, ...]
    needs: ClassVar[Right] = Right.TRIAGE

    @override
    def subjects(self) -> Sequence[Id]:
        return (self.item,)


@handles(CorrectItem)
def correct_item(command: CorrectItem, work: Work) -> Id:
    item = _waiting(work, command.item)
    values = read_values(item)
    for edit in command.edits:
        values = _edited(values, edit, work)
    write_values(item, values, work)
    return item.id


def _edited(values: list[ReadValue], edit: ValueEdit, work: Work) -> list[ReadValue]:
    if edit.name not in FIELDS:
        raise ValidationError("no_such_cell", field=edit.name)
    standing = [v for v in values if v.name == edit.name]
    if tuple(v.value for v in standing) != edit.was:
        theirs = ", ".join(v.value for v in standing)
        yours = ", ".join(edit.now)
        raise StaleData("changed_meanwhile", cell=edit.name, theirs=theirs, yours=yours)
    made: list[ReadValue] = []
    for text in edit.now:
        value = _checked(edit.name, text)
        kept = next((v for v in standing if v.value == value), None)
        if value and all(m.value != value for m in made):
            made.append(kept or ReadValue(edit.name, value, BY_HAND, work.actor.name))
    place = values.index(standing[0]) if standing else len(values)
    others = [v for v in values if v.name != edit.name]
    return [*others[:place], *made, *others[place:]]


def _checked(name: str, text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    if name in ("email", "phone"):
        return checked_point(name, text)
    refuse_identifiers(text, field=name)
    return tidy_name(text) if name in ("given_name", "family_name") else text


@dataclass(frozen=True)
class ReadAgain(OnItems[int]):
    """Read the files of items that nobody could read; how many can be read now.

    ``password`` opens a protected file and is kept nowhere. The file stays as it came.
    """

    password: str = field(default="", repr=False)
    needs: ClassVar[Right] = Right.TRIAGE


@handles(ReadAgain)
def read_again(command: ReadAgain, work: Work) -> int:
    files = [
        (document, work.uow.document(item.id, document.blob))
        for item in (_waiting(work, id) for id in command.items)
        for document in work.uow.find(Document, dossier=item.id)
        if document.reason
    ]
    # Nobody waits for a reader that takes its time.
    work.uow.let_go()
    texts = {d.id: work.reader.document(data, d.name, command.password) for d, data in files}
    return sum(_take_texts(_waiting(work, id), texts, work) for id in command.items)


def _take_texts(item: InboxItem, texts: dict[Id, DocumentText], work: Work) -> int:
    """How many of the item's documents have a text now."""
    values = read_values(item)
    read = 0
    for document in work.uow.find(Document, dossier=item.id):
        text = texts.get(document.id)
        if text is None:
            continue
        document.kind, document.lang, document.pages = text.kind, text.language, text.pages
        document.reason, document.flags = text.reason, " ".join(text.flags)
        document.text_chars = len(text.text)
        document.text_blob = work.uow.put_text(item.id, document.id, text.text)
        if document.role != "letter":
            said = {(v.name, v.value.casefold()) for v in values}
            found = values_of(text, document.id)
            values += [v for v in found if (v.name, v.value.casefold()) not in said]
        read += not text.reason
    write_values(item, values, work)
    return read


@dataclass(frozen=True)
class PutBack(OnItems[int]):
    """Back into the line: what was put off, or set aside as no application."""

    needs: ClassVar[Right] = Right.TRIAGE


@handles(PutBack)
def put_back(command: PutBack, work: Work) -> int:
    for id in command.items:
        item = _waiting(work, id)
        item.status, item.set_aside = WAITING, ""
    return len(command.items)


def _waiting(work: Work, id: Id) -> InboxItem:
    found = [i for i in work.uow.find(InboxItem, id=id) if i.status != DISCARDING]
    if not found:
        raise NotFound("no_such_item", id=show_id(id))
    return found[0]

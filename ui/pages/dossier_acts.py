"""What may be done with one person, in one key each, from the list and from the dossier."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clementine_crm.domain.agency import Right
from clementine_crm.domain.values import show_phone
from clementine_crm.outgoing.person_zip import write_person_zip
from clementine_crm.queries.dossier_access import Access, Opened
from ui.context import UiContext
from ui.pages.base import Action
from ui.pages.dossier_proofs import ExportSheet, Writer
from ui.pages.dossier_sheets import CallSheet, EditSheet, NoteSheet, PersonTaskSheet
from ui.speech import say


class PersonActs(QObject):
    """N, A, T, F2 and Ctrl E on whoever is in sight. ``write`` makes the file of an export."""

    def __init__(self, ctx: UiContext, page: QWidget, write: Writer | None = None) -> None:
        super().__init__(page)
        self.ctx, self._page = ctx, page
        self._write: Writer = write or (
            lambda person, path: write_person_zip(person, path, ctx.clock.now(), replace=True)
        )
        self.person: Opened | None = None

    def set_person(self, opened: Opened | None) -> None:
        """Whom the keys act on."""
        self.person = opened

    def actions(self) -> tuple[Action, ...]:
        """The four of the foot; grey where the person's state or the role forbids them."""
        edit, export = self.cannot_edit, self._cannot_export()
        return (
            Action(say("dossier.add_note"), self.note, "N", "note", reason=edit),
            Action(say("dossier.add_call"), self.call, "A", "phone", reason=edit),
            Action(say("dossier.add_task"), self.task, "T", "check", reason=edit),
            Action(say("dossier.export"), self.export, "Ctrl+E", "download", reason=export),
        )

    @property
    def cannot_edit(self) -> str:
        """Why nothing may be written on this person; empty when it may."""
        if self.person is None:
            return say("candidates.nobody_chosen")
        if not self.ctx.may(Right.EDIT_PERSONS):
            return say("dossier.no_right")
        return "" if self.person.access is Access.OPEN else say("dossier.read_only")

    def _cannot_export(self) -> str:
        if self.person is None:
            return say("candidates.nobody_chosen")
        if not self.ctx.may(Right.EXPORT):
            return say("dossier.no_right")
        return "" if self.person.view is not None else say("dossier.read_only")

    def note(self) -> None:
        """N."""
        if self.person is not None and not self.cannot_edit:
            NoteSheet(self.ctx, self.person.id, self.person.name, self._window).open()

    def call(self) -> None:
        """A."""
        person = self.person
        if person is None or person.view is None or self.cannot_edit:
            return
        phones = tuple(show_phone(p.value) for p in person.view.points if p.kind == "phone")
        CallSheet(self.ctx, person.id, person.name, phones, self._window).open()

    def task(self) -> None:
        """T."""
        if self.person is not None and not self.cannot_edit:
            PersonTaskSheet(
                self.ctx,
                self.person.id,
                self.person.name,
                self._window,
            ).open()

    def edit(self, first: str = "") -> None:
        """F2."""
        person = self.person
        if person is not None and person.view is not None and not self.cannot_edit:
            EditSheet(self.ctx, person.view, self._window, first).open()

    def export(self) -> None:
        """Ctrl E: asks why, and is logged."""
        person = self.person
        if person is not None and not self._cannot_export():
            ExportSheet(self.ctx, person.id, person.name, self._write, self._window).open()

    @property
    def _window(self) -> QWidget:
        return self._page.window()

"""Messages that wait to be sent: read again, copied, or saved as .eml for the mail program."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.files import replace_file
from clementine_crm.ports import OutgoingMessage
from clementine_crm.queries.house import kind_of, outbox
from ui import moments, theme
from ui.context import UiContext
from ui.models.plain import Line, ListModel, choose, replace_lines, thing_at
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot
from ui.ports import Desk
from ui.quantities import number
from ui.speech import say
from ui.widgets.card import Card, FactRow
from ui.widgets.rows import TWO_LINES, Row, RowList


def as_eml(message: OutgoingMessage) -> bytes:
    """The message as a file that a mail program opens; "To send" as Outlook understands it."""
    made = EmailMessage(policy=SMTP)
    # A line end in a subject would begin another header.
    made["To"] = " ".join(message.to_email.splitlines())
    made["Subject"] = " ".join(message.subject.splitlines())
    made["X-Unsent"] = "1"
    made.set_content(message.body)
    return bytes(made)


class OutboxTab(AdminTab):
    """The messages at the left, the chosen one at the right."""

    name = "outbox"
    needs = (Right.SEE_PERSONS,)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        self.model: ListModel[OutgoingMessage] = ListModel(self)
        self.list = RowList(say("administration.tab_outbox"), TWO_LINES)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.listed = Card(say("administration.outbox"), flush=True)
        self.listed.setFixedWidth(380)
        self.listed.body.addWidget(self.list)
        self.message = Card(say("administration.message"))
        self._to = FactRow(say("administration.to"), "")
        self._subject = FactRow(say("administration.subject"), "")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font())
        self.text.setAccessibleName(say("administration.message"))
        for widget in (self._to, self._subject):
            self.message.body.addWidget(widget)
        self.message.body.addWidget(self.text, 1)
        self.row.addWidget(self.listed)
        self.row.addWidget(self.message, 1)

    @override
    def refresh(self) -> None:
        self.ctx.read(outbox, owner=self, on_result=self._show, slot="outbox")

    def _show(self, found: list[OutgoingMessage]) -> None:
        now = self.ctx.clock.now()
        lines = [
            Line(m.id, m, Row(m.subject, m.to_email, when=moments.when(m.created_at, now)))
            for m in found
        ]
        replace_lines(self.list, self.model, lines)
        if not self.list.currentIndex().isValid():
            choose(self.list, self.model, 0)
        self.listed.set_title(say("administration.outbox"), number(len(found)))
        self.set_count(len(found))
        self._chosen()

    @property
    def chosen(self) -> OutgoingMessage | None:
        """The message under the bar."""
        return thing_at(self.list, self.model) if self.model.lines else None

    def _chosen(self) -> None:
        message = self.chosen
        self._to.value.setText(message.to_email if message else "")
        self._subject.value.setText(message.subject if message else "")
        self.text.setPlainText(message.body if message else say("administration.outbox_none"))
        self.foot_changed.emit()

    @override
    def foot(self) -> Foot:
        reason = "" if self.chosen is not None else say("administration.outbox_none")
        return Foot(
            Action(say("administration.copy_message"), self._copy, "C", "file", reason=reason),
            (Action(say("administration.save_eml"), self._save, "E", "download", reason=reason),
             Action(say("administration.open_dossier"), self._open, "O", reason=reason)),
            note=say("administration.outbox_note"),
        )  # fmt: skip

    def _copy(self) -> None:
        message = self.chosen
        if message is not None:
            text = f"{message.to_email}\n{message.subject}\n\n{message.body}"
            QGuiApplication.clipboard().setText(text)
            self.ctx.frame.tell(say("administration.copied"))

    def _save(self) -> None:
        message = self.chosen
        if message is None:
            return
        dialog = QFileDialog(self.window(), say("administration.save_eml"), "message.eml", "*.eml")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("eml")
        dialog.filesSelected.connect(lambda names: self.save_as(message, Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_as(self, message: OutgoingMessage, path: Path) -> None:
        """Write it there, off the GUI thread."""
        data = as_eml(message)
        self.ctx.runner.submit(
            lambda _job: replace_file(path, data), lane="io", owner=self,
            on_result=lambda _none: self.ctx.frame.tell(say("administration.saved", file=path.name)),
        )  # fmt: skip

    def _open(self) -> None:
        message = self.chosen
        if message is None:
            return
        dossier = message.dossier

        def opened(kind: str) -> None:
            place = {"candidate": "dossier", "inbox": "triage", "client": "clients"}.get(kind)
            if place is None:
                self.ctx.frame.tell(say("administration.gone"))
            else:
                self.ctx.frame.go(place, dossier)

        self.ctx.read(lambda reading: kind_of(reading, dossier), owner=self, on_result=opened)

    @override
    def panes(self) -> list[QWidget]:
        return [self.list, self.text]

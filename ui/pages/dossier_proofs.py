"""The sheets that show why: the evidence of the consents, the reason of an export, who is hidden."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import safe_file_name
from clementine_crm.jobs import JobContext
from clementine_crm.queries.consents import ConsentLine, EventLine
from clementine_crm.services.exporting import ExportCandidate, PersonFile
from ui import moments, theme
from ui.context import UiContext
from ui.pages.triage_words import known_or
from ui.speech import say
from ui.widgets.area import Area
from ui.widgets.button import Button
from ui.widgets.card import Line
from ui.widgets.decision import Decision
from ui.widgets.question import Sheet
from ui.widgets.text import Text

Writer = Callable[[PersonFile, Path], None]
"""Writes all that is held on a person into one file; runs off the GUI thread."""


class EvidenceSheet(Sheet):
    """Every record of a person, and each act that made it what it is."""

    def __init__(self, name: str, consents: tuple[ConsentLine, ...], parent: QWidget) -> None:
        super().__init__(say("evidence.title", name=name), parent, width=640)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(4)
        for line in consents:
            self._record(column, line)
        if not consents:
            column.addWidget(Text(say("evidence.none"), tone="soft", wrap=True))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        tall = (
            column.heightForWidth(580) if column.hasHeightForWidth() else inner.sizeHint().height()
        )
        scroll.setFixedHeight(min(440, tall + 8))
        self.column.addWidget(scroll)
        self.leave = Button(say("ui.close"), key="Esc", on_click=self.reject)
        self.column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        self.leave.setFocus()

    def _record(self, column: QVBoxLayout, line: ConsentLine) -> None:
        purpose = known_or(f"purposes.{line.purpose}", line.purpose)
        state = known_or(f"states.{line.dates.state}", str(line.dates.state or ""))
        column.addWidget(
            Text(say("evidence.record", purpose=purpose, state=state), "strong", wrap=True)
        )
        for event in reversed(line.events):
            for text, role in _event(event):
                label = Text(text, "second" if role else "body", "soft" if role else "", wrap=True)
                label.setContentsMargins(12, 0, 0, 0)
                column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(Line())
        column.addSpacing(4)


def _event(event: EventLine) -> list[tuple[str, bool]]:
    act = known_or(f"acts.{event.type}", event.type)
    channel = known_or(f"channels.{event.channel}", event.channel)
    who = say("evidence.person") if event.entity == "person" else event.entity
    said = [
        (
            say("evidence.act", day=moments.full_day(event.on), act=act, channel=channel, who=who),
            False,
        )
    ]
    if event.answer:
        said.append((say("evidence.answer", answer=event.answer), True))
    if event.notice:
        said.append((say("evidence.notice", version=event.notice), True))
    if event.evidence:
        said.append((say("evidence.mark", mark=event.evidence[:16]), True))
    return said


class ExportSheet(Decision):
    """Ctrl E: why, then where; everything held on the person goes into one file."""

    def __init__(
        self, ctx: UiContext, dossier: Id, name: str, write: Writer, parent: QWidget
    ) -> None:
        super().__init__(say("export.title", name=name), say("export.act"), parent)
        self._ctx, self._dossier, self._name, self._write = ctx, dossier, name, write
        self.reason = Area(say("export.reason"), ghost=say("export.ghost"), hint=say("export.logged"),
                           lines=2)  # fmt: skip
        self.column.addWidget(Text(say("export.what"), wrap=True))
        self.column.addWidget(self.reason)
        self.close_with_buttons()
        self.reason.changed.connect(lambda _text: self._update())
        self.reason.setFocus()
        self._update()

    def _update(self) -> None:
        self.act.set_reason("" if self.reason.text() else say("export.missing"))

    @override
    def do(self) -> None:
        dialog = QFileDialog(self.parentWidget(), say("export.where"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(say("export.kind"))
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(safe_file_name(f"{self._name}.zip"))
        dialog.fileSelected.connect(lambda path: self.save_as(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_as(self, path: Path) -> None:
        """Gather and write; what goes wrong is told in the error bar."""
        frame, runner, write = self._ctx.frame, self._ctx.runner, self._write

        def gathered(person: PersonFile) -> None:
            def job(_job: JobContext) -> None:
                write(person, path)

            runner.submit(job, lane="io", name=say("export.job"),
                          on_result=lambda _none: frame.tell(say("export.done", file=path.name)))  # fmt: skip

        self._ctx.dispatch(ExportCandidate(self._dossier, self.reason.text()), on_done=gathered)
        self.accept()


class HiddenSheet(Sheet):
    """Why some persons are not in the list: counts by reason, no name."""

    def __init__(self, reasons: list[tuple[str, int]], parent: QWidget) -> None:
        super().__init__(say("hidden.title"), parent, width=520)
        self.column.setSpacing(theme.SPACE[1])
        self.column.addWidget(Text(say("hidden.text"), tone="soft", wrap=True))
        for reason, count in reasons:
            self.column.addWidget(Text(say("hidden.line", reason=reason, n=count), wrap=True))
        self.leave = Button(say("ui.close"), key="Esc", on_click=self.reject)
        self.column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        self.leave.setFocus()

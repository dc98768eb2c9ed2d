"""Plugins: what each may touch, its settings, on or off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_host.host import PluginRow
from ui import theme
from ui.context import UiContext
from ui.models.plain import Line, ListModel, choose, replace_lines, thing_at
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot
from ui.ports import Desk
from ui.quantities import number
from ui.speech import say, words
from ui.widgets.card import Card, FactRow, Panel
from ui.widgets.card import Line as Rule
from ui.widgets.chip import Chip
from ui.widgets.field import Picture
from ui.widgets.layouts import empty
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList
from ui.widgets.schema_form import SchemaForm
from ui.widgets.text import Text


def name_of(plugin: PluginRow) -> str:
    """Its name in the language of the screen."""
    return plugin.name_fr if words().lang == "fr" else plugin.name_en


def reason_of(plugin: PluginRow) -> str:
    """Why it is set aside, in words."""
    if not plugin.reason:
        return ""
    try:
        return words()(f"errors.{plugin.reason}", **dict(plugin.reason_params))
    except (KeyError, IndexError):
        return say("plugins.set_aside")


class PluginsTab(AdminTab):
    """The list at the left; what the chosen one does, may touch and is set to, at the right."""

    name = "plugins"
    needs = (Right.PLUGINS, Right.BACKUP)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        self.model: ListModel[PluginRow] = ListModel(self)
        self.list = RowList(say("administration.tab_plugins"), TWO_LINES)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.listed = Card(say("administration.plugins"), flush=True)
        self.listed.setFixedWidth(340)
        self.listed.body.addWidget(self.list)
        self.detail = Card()
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        # Qt fills what scrolls: here the card shows through.
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self.detail.body.addWidget(self._scroll)
        self.form = SchemaForm()
        self._column.addStretch(1)
        self._shown: PluginRow | None = None
        self._working = False
        self.row.addWidget(self.listed)
        self.row.addWidget(self.detail, 1)

    @override
    def refresh(self) -> None:
        def read(_job: JobContext) -> Sequence[PluginRow]:
            return self.desk.plugins()

        self.ctx.runner.submit(read, lane="io", owner=self, on_result=self._show)

    def _show(self, found: Sequence[PluginRow]) -> None:
        self._working = False
        replace_lines(self.list, self.model, [Line(p.id, p, _row(p)) for p in found])
        if not self.list.currentIndex().isValid():
            choose(self.list, self.model, 0)
        self.listed.set_title(say("administration.plugins"), number(len(found)))
        self.set_count(sum(p.state == "failed" for p in found))
        self._chosen()

    @property
    def chosen(self) -> PluginRow | None:
        """The plugin under the bar."""
        return thing_at(self.list, self.model) if self.model.lines else None

    def _chosen(self) -> None:
        plugin = self.chosen
        if plugin == self._shown and plugin is not None:
            self.foot_changed.emit()
            return
        self._shown = plugin
        empty(self._column)
        if plugin is None:
            return
        add = self._column.addWidget
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(name_of(plugin), "dialog_title", wrap=True), 1)
        add(head)
        if not plugin.bundled:
            add(_box("alert", say("plugins.external_warning"), "care_wash", "care"))
        if plugin.reason:
            add(_box("alert", reason_of(plugin), "stop_wash", "stop"))
        add(FactRow(say("administration.plugin_version"), plugin.version or "–", label_width=120))
        for key, title, names in (
            ("provides", say("administration.plugin_does"), plugin.provides),
            ("permission", say("administration.plugin_may"), plugin.permissions),
        ):
            add(_chips(title, [say(f"plugins.{key}_{name}") for name in names]))
        self.form = SchemaForm(plugin.settings)
        self.form.changed.connect(self.foot_changed)
        if plugin.settings:
            add(Rule())
            add(Text(say("administration.settings"), "card_title"))
            add(self.form)
        self._column.addStretch(1)
        self.foot_changed.emit()

    @override
    def foot(self) -> Foot:
        plugin = self.chosen
        if plugin is None:
            return Foot()
        refused = self.refuses(Right.PLUGINS) or (say("password.wait") if self._working else "")
        busy = say("administration.while_import") if self._importing() else ""
        on = plugin.state == "enabled"
        switch = Action(
            say("administration.disable" if on else "administration.enable"),
            self._switch, "A", "pause" if on else "check", reason=refused or busy,
        )  # fmt: skip
        if not plugin.settings:
            return Foot(switch, note=say("administration.plugins_note"))
        clean = "" if self.form.dirty() else say("administration.nothing_changed")
        save = Action(say("administration.save"), self._save, "Ctrl+Return", "check",
                      reason=refused or busy or clean)  # fmt: skip
        return Foot(save, (switch,), note=say("administration.plugins_note"))

    def _importing(self) -> bool:
        return any(h.running and h.lane == "long" for h in self.ctx.runner.handles)

    def _switch(self) -> None:
        plugin = self.chosen
        if plugin is not None:
            on = plugin.state != "enabled"
            self._do(lambda _job: self.desk.switch_plugin(plugin.id, on=on))

    def _save(self) -> None:
        plugin = self.chosen
        if plugin is not None and self.form.check():
            values = self.form.values()
            self._do(lambda _job: self.desk.set_plugin(plugin.id, values))

    def _do(self, job: Callable[[JobContext], PluginRow]) -> None:
        self._working = True
        self.foot_changed.emit()
        self.ctx.runner.submit(
            job, lane="write", owner=self, on_result=self._done, on_error=self._failed
        )

    def _done(self, plugin: PluginRow) -> None:
        key = "plugin_failed" if plugin.state == "failed" else "plugin_done"
        self.ctx.frame.tell(say(f"administration.{key}", name=name_of(plugin)))
        self.refresh()

    def _failed(self, error: Exception) -> None:
        self._working = False
        self.ctx.frame.show_error(error)
        self.foot_changed.emit()

    @override
    def panes(self) -> list[QWidget]:
        return [self.list, self.form] if self.form.entries else [self.list]


def _row(plugin: PluginRow) -> Row:
    kinds = {"enabled": ("good", "check"), "failed": ("stop", "alert")}
    kind, icon = kinds.get(plugin.state, ("neutral", ""))
    chip = ChipSpec(say(f"plugins.state_{plugin.state}"), kind, icon)
    origin = "administration.bundled" if plugin.bundled else "administration.external"
    return Row(name_of(plugin), say(origin), chip=chip)


def _chips(title: str, names: Sequence[str]) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(8)
    label = Text(title, "second", "soft")
    label.setMinimumWidth(120)
    row.addWidget(label)
    for name in names:
        row.addWidget(Chip(name))
    if not names:
        row.addWidget(Text(say("administration.nothing_else"), "body"))
    row.addStretch(1)
    return line


def _box(icon: str, text: str, ground: str, ink: str) -> Panel:
    box = Panel(ground, "", theme.RADIUS_CONTROL)
    row = QHBoxLayout(box)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(10)
    row.addWidget(Picture(icon, ink, 15))
    row.addWidget(Text(text, "second", wrap=True), 1)
    return box

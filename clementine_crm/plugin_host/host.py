"""Which plugins there are, which are on, and why one is not.

discovered → loaded → enabled → failed(reason). A plugin that reads files is enabled without being
imported here: its code runs in the reader process (``reader_plugins`` says with what). Only a
*live* plugin (one that may use the network) is imported into the program. Whatever a plugin does
wrong ends as its own state; it never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from clementine_crm.errors import NotFound, PluginError
from clementine_crm.plugin_api import Health, Plugin, PluginContext
from clementine_crm.plugin_host.loader import load_class, missing_imports, unload, where
from clementine_crm.plugin_host.manifest import (
    MANIFEST,
    Manifest,
    Setting,
    SettingValue,
    read_manifest,
)
from clementine_crm.reading.process import ReaderPlugin

State = Literal["discovered", "loaded", "enabled", "failed"]
ContextMaker = Callable[[str, Mapping[str, SettingValue]], PluginContext]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SettingRow:
    """One setting as shown; a secret's value is never among the rows, ``is_set`` tells."""

    key: str
    type: str
    label_fr: str
    label_en: str
    required: bool
    value: SettingValue | None
    is_set: bool
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class PluginRow:
    """One plugin as the command ``plugins`` and the screen list it.

    ``reason`` is a key under ``errors.`` when the state is ``failed`` (or a plugin cannot be
    loaded), with ``reason_params`` for its sentence.
    """

    id: str
    name_fr: str
    name_en: str
    version: str
    state: State
    reason: str = ""
    reason_params: tuple[tuple[str, str], ...] = ()
    provides: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    settings: tuple[SettingRow, ...] = ()
    bundled: bool = True
    wanted: bool = False


@dataclass
class _Slot:
    folder: Path
    bundled: bool
    manifest: Manifest | None = None
    state: State = "discovered"
    failure: PluginError | None = None
    wanted: bool = False
    made: Plugin | None = None
    loaded: type[Plugin] | None = None
    settings: Mapping[str, SettingValue] = field(default_factory=dict)

    def fail(self, error: PluginError) -> None:
        self.state, self.failure = "failed", error


class PluginHost:
    """The plugins of one program: bundled ones first, then the user's folder.

    ``wanted`` is what the user switched (absent: a bundled plugin is on, an external one off);
    ``settings`` are the stored values by plugin; ``make_context`` gives a live plugin its context.
    """

    def __init__(
        self,
        bundled: Path,
        external: Path | None = None,
        *,
        wanted: Mapping[str, bool] | None = None,
        settings: Mapping[str, Mapping[str, SettingValue]] | None = None,
        make_context: ContextMaker | None = None,
    ) -> None:
        self._make_context = make_context
        self._slots: dict[str, _Slot] = {}
        for folder, is_bundled in _folders(bundled, external):
            self._discover(folder, is_bundled, wanted or {}, settings or {})

    def _discover(
        self,
        folder: Path,
        bundled: bool,
        wanted: Mapping[str, bool],
        settings: Mapping[str, Mapping[str, SettingValue]],
    ) -> None:
        name = folder.name
        slot = _Slot(folder, bundled, settings=settings.get(name, {}))
        if name in self._slots:
            # A folder of the user's never replaces a bundled plugin: it stands beside it, refused.
            slot.fail(PluginError("plugin_twice", plugin=name))
            self._slots[f"{name} ({folder.parent})"] = slot
            return
        slot.wanted = wanted.get(name, bundled)
        self._slots[name] = slot
        try:
            slot.manifest = read_manifest(folder)
        except PluginError as error:
            slot.fail(error)

    def start(self) -> None:
        """Enable whatever is wanted; a failure is that plugin's state and nothing more."""
        for plugin, slot in self._slots.items():
            if slot.wanted and slot.state == "discovered":
                self._enable(plugin, slot)

    def enable(self, plugin: str) -> PluginRow:
        """Switch a plugin on. The row says whether that worked. ``NotFound`` for an unknown id."""
        slot = self._slot(plugin)
        slot.wanted = True
        if slot.manifest is not None and slot.state != "enabled":
            self._enable(plugin, slot)
        return _row(plugin, slot)

    def disable(self, plugin: str) -> PluginRow:
        """Switch a plugin off: deactivated, its modules forgotten, nothing of it left."""
        slot = self._slot(plugin)
        slot.wanted = False
        self._remove(plugin, slot)
        if slot.manifest is not None:
            slot.state, slot.failure = "discovered", None
        return _row(plugin, slot)

    def configure(self, plugin: str, values: Mapping[str, SettingValue]) -> PluginRow:
        """Give it other settings; an enabled one begins again with them (and says if it cannot)."""
        slot = self._slot(plugin)
        slot.settings = {**slot.settings, **values}
        if slot.wanted and slot.manifest is not None:
            self._remove(plugin, slot)
            self._enable(plugin, slot)
        return _row(plugin, slot)

    def stop(self) -> None:
        """Deactivate every live plugin (at the end of the program)."""
        for plugin, slot in self._slots.items():
            self._remove(plugin, slot)

    def rows(self) -> tuple[PluginRow, ...]:
        """Every plugin found, whatever its state."""
        return tuple(_row(plugin, slot) for plugin, slot in self._slots.items())

    def live(self, plugin: str) -> Plugin | None:
        """The live plugin under this id while it is enabled."""
        return self._slot(plugin).made

    def check(self, plugin: str) -> Health:
        """How a plugin is; one that fails to answer is set aside."""
        slot = self._slot(plugin)
        if slot.made is None:
            return Health(slot.state == "enabled")
        try:
            return slot.made.check()
        except Exception as error:  # noqa: BLE001 - plugin host
            self._crash(plugin, slot, error)
            return Health(ok=False, say="set_aside")

    def reader_plugins(self) -> tuple[ReaderPlugin, ...]:
        """What the reader process loads: the enabled plugins, without their secrets."""
        return tuple(
            ReaderPlugin(
                slot.manifest.id,
                str(slot.folder),
                slot.manifest.entry,
                tuple(slot.manifest.values(slot.settings, secrets=False).items()),
            )
            for slot in self._slots.values()
            if slot.manifest is not None and slot.state == "enabled" and slot.manifest.reads
        )

    def reader_failed(self, failures: Mapping[str, str]) -> None:
        """Note what the reader process could not load or had to set aside (id to place)."""
        for plugin, place in failures.items():
            slot = self._slots.get(plugin)
            if slot is not None:
                self._remove(plugin, slot)
                slot.fail(PluginError("plugin_crashed", plugin=plugin, where=place))

    def _slot(self, plugin: str) -> _Slot:
        try:
            return self._slots[plugin]
        except KeyError:
            raise NotFound("plugin_unknown", plugin=plugin) from None

    def _enable(self, plugin: str, slot: _Slot) -> None:
        manifest = slot.manifest
        if manifest is None:
            return
        slot.failure = None
        try:
            if not manifest.loadable:
                raise PluginError("plugin_api", plugin=plugin, api=manifest.api)
            if missing := missing_imports(manifest.requires):
                raise PluginError("plugin_requires", plugin=plugin, module=missing)
            values = manifest.values(slot.settings)
            if manifest.live:
                self._activate(plugin, slot, manifest, values)
            slot.state = "enabled"
        except PluginError as error:
            slot.fail(error)
        except Exception as error:  # noqa: BLE001 - plugin host
            self._crash(plugin, slot, error)

    def _activate(
        self, plugin: str, slot: _Slot, manifest: Manifest, values: Mapping[str, SettingValue]
    ) -> None:
        if self._make_context is None:
            return
        slot.loaded = load_class(plugin, slot.folder, manifest.entry)
        slot.state = "loaded"
        slot.made = slot.loaded()
        slot.made.activate(self._make_context(plugin, values))

    def _crash(self, plugin: str, slot: _Slot, error: Exception) -> None:
        log.warning("plugin %s set aside: %s", plugin, where(error))
        self._remove(plugin, slot)
        slot.fail(PluginError("plugin_crashed", plugin=plugin, where=where(error)))

    def _remove(self, plugin: str, slot: _Slot) -> None:
        made, slot.made, slot.loaded = slot.made, None, None
        if made is not None:
            try:
                made.deactivate()
            except Exception as error:  # noqa: BLE001 - plugin host
                log.warning("plugin %s did not stop cleanly: %s", plugin, where(error))
        if slot.state != "failed":
            slot.state = "discovered"
        unload(plugin)


def _folders(bundled: Path, external: Path | None) -> Iterator[tuple[Path, bool]]:
    for root, is_bundled in ((bundled, True), (external, False)):
        if root is None or not root.is_dir():
            continue
        # The reader process works in another folder: it needs whole paths.
        for folder in sorted(root.resolve().iterdir()):
            if folder.name.startswith((".", "_")) or not folder.is_dir():
                continue
            if is_bundled or (folder / MANIFEST).exists():
                yield folder, is_bundled


def _row(plugin: str, slot: _Slot) -> PluginRow:
    failure, manifest = slot.failure, slot.manifest
    if failure is None and manifest is not None and not manifest.loadable:
        failure = PluginError("plugin_api", plugin=plugin, api=manifest.api)
    params = tuple(
        (name, str(value)) for name, value in (failure.params if failure else {}).items()
    )
    return PluginRow(
        id=plugin,
        name_fr=manifest.name.fr if manifest else plugin,
        name_en=manifest.name.en if manifest else plugin,
        version=manifest.version if manifest else "",
        state=slot.state,
        reason=failure.key if failure else "",
        reason_params=params,
        provides=manifest.provides if manifest else (),
        permissions=manifest.permissions if manifest else (),
        settings=tuple(_setting(one, slot.settings) for one in manifest.settings)
        if manifest
        else (),
        bundled=slot.bundled,
        wanted=slot.wanted,
    )


def _setting(setting: Setting, given: Mapping[str, SettingValue]) -> SettingRow:
    value = given.get(setting.key, setting.default)
    return SettingRow(
        key=setting.key,
        type=setting.type,
        label_fr=setting.label.fr,
        label_en=setting.label.en,
        required=setting.required,
        value=None if setting.type == "secret" else value,
        is_set=value is not None,
        choices=tuple((one.value, one.label.fr, one.label.en) for one in setting.choices),
    )

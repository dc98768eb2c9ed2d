"""``plugin.toml``: what a plugin says about itself, read before any of its code runs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from clementine_crm.errors import PluginError
from clementine_crm.plugin_api.contracts import API_VERSION

MANIFEST = "plugin.toml"
MANIFEST_LIMIT = 64 * 1024

Capability = Literal[
    "mailbox",
    "lead_source",
    "file_source",
    "message_reader",
    "candidate_export",
    "assessment_source",
    "subscriber_list",
]
Permission = Literal["network", "secrets"]
SettingType = Literal["text", "url", "int", "bool", "choice", "secret", "path"]
SettingValue = str | int | bool
Line = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


def _several(limit: int) -> object:
    return Field(default=(), strict=False, max_length=limit)


class Names(_Strict):
    """A text in both languages of the screens."""

    fr: Line
    en: Line


class Choice(_Strict):
    """One value of a ``choice`` setting; a bare string in the file is its own label."""

    value: Line
    label: Names

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return {"value": data, "label": {"fr": data, "en": data}} if isinstance(data, str) else data


class Setting(_Strict):
    """One field of the plugin's settings, drawn by the screen: a plugin needs no Qt."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    type: SettingType
    label: Names
    required: bool = False
    default: SettingValue | None = None
    choices: Annotated[tuple[Choice, ...], _several(100)] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Setting:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices belong to the type choice, and to no other")
        if self.type == "secret" and self.default is not None:
            raise ValueError("a secret has no default")
        if self.default is not None and not self.accepts(self.default):
            raise ValueError("the default is not of the setting's type")
        return self

    def accepts(self, value: object) -> bool:
        """Whether a value is of this setting's type (and one of its choices)."""
        if self.type == "bool":
            return isinstance(value, bool)
        if self.type == "int":
            return isinstance(value, int) and not isinstance(value, bool)
        if not isinstance(value, str):
            return False
        if self.type == "choice":
            return any(choice.value == value for choice in self.choices)
        return self.type != "url" or value == "" or value.startswith(("https://", "http://"))


class Manifest(_Strict):
    """A whole ``plugin.toml``. ``id`` is the folder's name, ``api`` the major of ``plugin_api``."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    name: Names
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    api: Line
    entry: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*:[A-Za-z_]\w*$")]
    provides: Annotated[tuple[Capability, ...], Field(strict=False, min_length=1)]
    permissions: Annotated[tuple[Permission, ...], _several(10)] = ()
    requires: Annotated[tuple[Line, ...], _several(50)] = ()
    settings: Annotated[tuple[Setting, ...], _several(100)] = ()

    @field_validator("settings")
    @classmethod
    def _distinct(cls, settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
        if len({setting.key for setting in settings}) != len(settings):
            raise ValueError("a key stands twice")
        return settings

    @property
    def loadable(self) -> bool:
        """Whether it was written for this contract."""
        return self.api.split(".")[0] == API_VERSION

    @property
    def live(self) -> bool:
        """Whether it works inside the program; the others live in the reader process only."""
        return "network" in self.permissions

    @property
    def reads(self) -> bool:
        """Whether the reader process has a use for it."""
        return not self.live or not {"file_source", "message_reader"}.isdisjoint(self.provides)

    def values(
        self, given: Mapping[str, SettingValue], *, secrets: bool = True
    ) -> dict[str, SettingValue]:
        """The settings to hand over: what was given, else the default; unknown keys are dropped.

        ``PluginError`` names the first setting that is missing or of another type.
        """
        values: dict[str, SettingValue] = {}
        for setting in self.settings:
            if setting.type == "secret" and not secrets:
                continue
            value = given.get(setting.key, setting.default)
            if value is None or value == "":
                if setting.required:
                    raise PluginError("plugin_setting_missing", plugin=self.id, setting=setting.key)
                continue
            if not setting.accepts(value):
                raise PluginError("plugin_setting_wrong", plugin=self.id, setting=setting.key)
            values[setting.key] = value
        return values


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a plugin folder. ``PluginError`` says why there is none worth the name."""
    plugin = folder.name
    try:
        with (folder / MANIFEST).open("rb") as file:
            raw = file.read(MANIFEST_LIMIT + 1)
    except OSError:
        raise PluginError("plugin_manifest_missing", plugin=plugin) from None
    if len(raw) > MANIFEST_LIMIT:
        raise PluginError("plugin_manifest_unreadable", plugin=plugin)
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise PluginError("plugin_manifest_unreadable", plugin=plugin) from None
    try:
        manifest = Manifest.model_validate(table)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or MANIFEST
        raise PluginError("plugin_manifest_field", plugin=plugin, setting=where) from None
    if manifest.id != plugin:
        raise PluginError("plugin_manifest_field", plugin=plugin, setting="id")
    if not _entry_file(folder, manifest).is_file():
        raise PluginError("plugin_manifest_field", plugin=plugin, setting="entry")
    return manifest


def _entry_file(folder: Path, manifest: Manifest) -> Path:
    module = folder.joinpath(*manifest.entry.split(":")[0].split("."))
    package = module / "__init__.py"
    return package if package.is_file() else module.with_suffix(".py")

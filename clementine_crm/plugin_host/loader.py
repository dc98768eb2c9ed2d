"""Importing a plugin's folder as the package ``clementine_plugins.<id>``, and forgetting it again.

The package is synthetic (no file, ``__path__`` is the folder), so relative imports work and two
plugins may both have a ``rows.py``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import cast

from clementine_crm.errors import PluginError
from clementine_crm.plugin_api import Plugin

ROOT = "clementine_plugins"


def _package(name: str, folder: Path | None) -> None:
    module = ModuleType(name)
    module.__path__ = [str(folder)] if folder else []
    module.__package__ = name
    sys.modules[name] = module


def load_class(plugin: str, folder: Path, entry: str) -> type[Plugin]:
    """The entry class of a plugin. ``PluginError`` when its code does not load, and why."""
    unload(plugin)
    if ROOT not in sys.modules:
        _package(ROOT, None)
    _package(f"{ROOT}.{plugin}", folder.resolve())
    importlib.invalidate_caches()
    module_name, class_name = entry.split(":")
    try:
        module = importlib.import_module(f"{ROOT}.{plugin}.{module_name}")
        loaded = getattr(module, class_name, None)
    except (Exception, SystemExit) as error:
        unload(plugin)
        raise PluginError("plugin_crashed", plugin=plugin, where=where(error)) from error
    missing = [part for part in ("activate", "deactivate", "check") if not hasattr(loaded, part)]
    if not isinstance(loaded, type) or missing:
        unload(plugin)
        raise PluginError("plugin_no_class", plugin=plugin, entry=entry)
    return cast("type[Plugin]", loaded)


def unload(plugin: str) -> None:
    """Forget every module of a plugin, so that nothing of it can be found any more."""
    name = f"{ROOT}.{plugin}"
    for module in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
        del sys.modules[module]


def missing_imports(requires: Sequence[str]) -> str:
    """The first import name that this build lacks, or nothing. Imports no plugin code."""
    for name in requires:
        try:
            found = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            found = None
        if found is None:
            return name
    return ""


def where(error: BaseException) -> str:
    """What broke and on which line, without a word of its message: that may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"

"""Every folder under ``plugins/`` keeps the contract (``plugin_api/testing.py``).

Its samples are the files of ``tests/data/<id>/``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clementine_crm.plugin_api.testing import CHECKS, PluginCase
from clementine_crm.plugin_host.lent import LentTools
from clementine_crm.plugin_host.loader import load_class, missing_imports, unload
from clementine_crm.plugin_host.manifest import MANIFEST, Manifest, read_manifest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = sorted(path.parent for path in (ROOT / "plugins").glob(f"*/{MANIFEST}"))
SECRET = "tell-nobody-4711"


def case_of(folder: Path, samples: Path) -> PluginCase:
    manifest = read_manifest(folder)
    secrets = [setting.key for setting in manifest.settings if setting.type == "secret"]
    given = {
        setting.key: _example(setting.type) for setting in manifest.settings if setting.required
    }
    return PluginCase(
        folder=folder,
        plugin_id=manifest.id,
        names={"fr": manifest.name.fr, "en": manifest.name.en},
        make=load_class(manifest.id, folder, manifest.entry),
        tools=LentTools(),
        samples=tuple(sorted(path for path in samples.rglob("*") if path.is_file())),
        settings=manifest.values(given | dict.fromkeys(secrets, SECRET)),
        secrets=(SECRET,),
    )


def _example(kind: str) -> str | int | bool:
    return {"int": 1, "bool": True, "url": "https://example.org/"}.get(kind, "x")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_manifest_is_valid_and_its_libraries_are_here(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert isinstance(manifest, Manifest)
    assert manifest.loadable
    assert missing_imports(manifest.requires) == ""


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_contract(folder: Path, check: str, tmp_path: Path) -> None:
    try:
        CHECKS[check](case_of(folder, ROOT / "tests" / "data" / folder.name), tmp_path)
    finally:
        unload(folder.name)

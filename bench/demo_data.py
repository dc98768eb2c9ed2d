"""Makes the files of the demonstration agency: ``python -m bench.demo_data [--out DIR]``.

``resources/demo/agency.toml`` is written by hand and read here; everything else there comes out of
this program, byte for byte the same for the same seed and the same libraries:

- ``kept/`` and ``kept.jsonl``: the 150 CVs to be kept and what happened to each dossier;
- ``inbox/``: the files of the 30 items to triage (and one auto-reply, which is no item);
- ``inbox.jsonl``: what a correct reader finds in them.

Days are counted back from the day of the demonstration.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.demo.inbox_written import build_inbox
from bench.demo.kept import kept_dossiers
from bench.demo.people import Crowd

SEED = 20261124
DEMO = Path(__file__).parent.parent / "resources" / "demo"


def _jsonl(lines: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def demo_files(agency: dict[str, Any], seed: int = SEED) -> dict[str, bytes]:
    """All generated files by their path under ``resources/demo``."""
    crowd = Crowd(seed)
    kept = kept_dossiers(crowd, agency)
    inbox = build_inbox(crowd, agency, kept)
    files = {dossier.file: dossier.data for dossier in kept}
    files["kept.jsonl"] = _jsonl(dossier.line for dossier in kept)
    files |= {f"inbox/{path}": data for path, data in inbox.files.items()}
    files["inbox.jsonl"] = _jsonl(inbox.lines)
    return files


def read_agency(folder: Path = DEMO) -> dict[str, Any]:
    """The hand-written part: agency, users, clients, missions."""
    return tomllib.loads((folder / "agency.toml").read_text("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the demonstration agency's files.")
    parser.add_argument("--out", type=Path, default=DEMO)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    files = demo_files(read_agency(), options.seed)
    for folder in ("kept", "inbox"):
        shutil.rmtree(options.out / folder, ignore_errors=True)
        (options.out / folder).mkdir(parents=True)
    for path, data in files.items():
        (options.out / path).write_bytes(data)
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB in {options.out}")


if __name__ == "__main__":
    main()

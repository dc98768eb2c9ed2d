"""The samples' expectations: those of ``tests/data`` always, others with ``--samples DIR``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

for helper in ("facts", "mail", "exports", "site"):
    pytest.register_assert_rewrite(f"tests.plugins.sample_{helper}")

from tests.plugins.readings import Readings  # noqa: E402 - after the assertions are made telling
from tests.plugins.sample_facts import Case  # noqa: E402
from tests.plugins.samples import DOCUMENTS, READ, cases  # noqa: E402

DATA = Path(__file__).parents[1] / "data"


def _ids(found: list[Case]) -> list[str]:
    return [case.name for case in found]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "own" in metafunc.fixturenames:
        own = [case for name in ("website_forms", "mail_files") for case in cases(DATA / name)]
        metafunc.parametrize("own", own, ids=_ids(own))
    if "given" in metafunc.fixturenames:
        folder = metafunc.config.getoption("--samples")
        found = (
            list(cases(Path(folder))) if folder else [Case("none", skip="runs with --samples DIR")]
        )
        metafunc.parametrize("given", found, ids=_ids(found))


@pytest.fixture(scope="module")
def readings() -> Iterator[Readings]:
    made = Readings()
    yield made
    made.close()


def run(case: Case, readings: Readings) -> None:
    if case.skip or case.check is None:
        pytest.skip(case.skip)
    case.check(readings)


def test_own_sample(own: Case, readings: Readings) -> None:
    run(own, readings)


@pytest.mark.samples
def test_given_sample(given: Case, readings: Readings) -> None:
    run(given, readings)


@pytest.mark.samples
def test_no_source_claims_what_it_does_not_read(samples: Path, readings: Readings) -> None:
    """Other vendors' tables and files are left alone: the core says that nobody reads them yet."""
    others = [
        path
        for folder in sorted(samples.iterdir())
        if folder.is_dir() and folder.name not in READ and folder.name not in DOCUMENTS
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    ]
    claimed = [(path.name, who) for path, who, _ in readings.process.sniff(others) if who]
    assert claimed == []

"""The options of the tests, known to pytest before it looks for them (``addopts`` names this file)."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--samples", default="", help="a folder of samples: cv/, mail_eml/, wordpress/ …"
    )
    parser.addoption("--consent-cases", default="", help="a file of consent cases to run as well")

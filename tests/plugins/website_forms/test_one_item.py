"""In a real home, whatever comes first: one submission is one item, and nothing comes in twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.document import Document
from clementine_crm.domain.inbox import SET_ASIDE, InboxItem
from clementine_crm.services.intake import ImportFiles
from tests.support.agency import Founded, TestClock, founded

DATA = Path(__file__).parents[2] / "data"
SITE = DATA / "website_forms" / "wordpress"
EXPORTS = DATA / "website_forms" / "wordpress_forms"
MAIL = DATA / "mail_files" / "mail_eml" / "made_wordpress_cf7_notification.eml"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def desk(agency: Founded, tmp_path: Path) -> Iterator[Desk]:
    opened = agency.open(tmp_path / "home", TestClock())
    yield opened
    opened.close()


def bring(desk: Desk, paths: list[Path]) -> tuple[int, int, int]:
    report = desk.execute(ImportFiles(tuple(paths))).result
    assert report.read == report.accepted + report.already_known + len(report.rejected)
    return (
        report.accepted - report.merged,
        report.merged + report.already_known,
        len(report.rejected),
    )


def forms(desk: Desk) -> Counter[tuple[str, str]]:
    with desk.unit_of_work() as uow:
        items = [item for item in uow.find(InboxItem) if item.status != SET_ASIDE]
        return Counter((item.form, item.kind) for item in items)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_twenty_submissions_of_a_running_site_are_twenty_items(desk, order) -> None:
    """24 mails (four are receipts), 60 rows of seven exports (24 lost to "all channels"), an address book."""
    paths = [*sorted((SITE / "mail").glob("*.eml")), *sorted((SITE / "flamingo_csv").glob("*.csv"))]
    random.Random(order).shuffle(paths)
    assert bring(desk, paths) == (24, 36, 25)
    assert bring(desk, paths[::-1]) == (0, 60, 25)
    assert forms(desk) == {
        ("contact-fr", "contact"): 1, ("contact-fr", "enquiry"): 3,
        ("contact-en", "contact"): 2, ("contact-en", "enquiry"): 2,
        ("spontaneous-fr", "application"): 4, ("spontaneous-en", "application"): 4,
        ("targeted-fr", "application"): 4,
    }  # fmt: skip
    with desk.unit_of_work() as uow:
        # Every uploaded file is held once, and the box that only the row knows is kept.
        assert len(uow.find(Document)) == len(list((SITE / "uploads").iterdir()))
        boxed = [i for i in uow.find(InboxItem) if i.consents != "[]"]
    assert len(boxed) == 16


@pytest.mark.parametrize("order", [1, 2, 3])
def test_forms_filled_in_one_second_stay_apart_and_lossy_rows_join(desk, order) -> None:
    """Three forms hold the same persons at the same seconds; the mail of one of them carries a CV."""
    paths = [*sorted(EXPORTS.glob("*.csv")), *sorted(EXPORTS.glob("*.xml")), MAIL]
    random.Random(order).shuffle(paths)
    assert bring(desk, paths) == (30, 4, 1)
    assert bring(desk, paths) == (0, 34, 1)
    assert forms(desk) == {
        ("contact-fr", "contact"): 3, ("contact-fr", "enquiry"): 2,
        ("contact-en", "contact"): 1, ("contact-en", "enquiry"): 1,
        ("spontaneous-fr", "application"): 11, ("targeted-fr", "application"): 11,
    }  # fmt: skip

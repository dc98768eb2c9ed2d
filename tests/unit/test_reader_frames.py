"""Frames between the program and its reader process carry strict values there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.plugin_api import (
    ConsentEvidence,
    FieldValue,
    FileData,
    ItemPayload,
)
from clementine_crm.reading import frames
from clementine_crm.reading.frames import (
    HEAD,
    BadFrameError,
    FrameTooLargeError,
    body_length,
    pack,
    unpack,
)
from clementine_crm.reading.page import picture_of

PICTURE = {
    "width": 2, "height": 2, "stride": 8, "pixels": bytes(16), "boxes": [["Jeanne", 0, 0, 1, 1]],
    "page": 1, "pages": 1, "encoded": b"", "media_type": "",
}  # fmt: skip
text = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=20)
items = st.builds(
    ItemPayload,
    external_id=text,
    received_at=st.none() | st.datetimes(timezones=st.just(UTC)) | st.datetimes(),
    last_contact=st.none() | st.dates(),
    fields=st.lists(st.builds(FieldValue, name=st.just("email"), value=text), max_size=2).map(
        tuple
    ),
    files=st.lists(st.builds(FileData, name=text, data=st.binary(max_size=50)), max_size=2).map(
        tuple
    ),
    consents=st.lists(
        st.builds(
            ConsentEvidence,
            purpose=st.just("POOL"),
            label=text,
            answer=text,
            form=text,
            given_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        ),
        max_size=1,
    ).map(tuple),
    tags=st.lists(text, max_size=2).map(tuple),
)


@given(items)
@settings(max_examples=80, deadline=None)
def test_an_item_comes_back_as_it_went(item: ItemPayload) -> None:
    packed = pack({"op": "item", "value": item.model_dump()})
    assert body_length(packed[: HEAD.size]) == len(packed) - HEAD.size
    assert ItemPayload.model_validate(unpack(packed[HEAD.size :])["value"]) == item


def test_instants_keep_their_offset_and_dates_their_day() -> None:
    paris = datetime.fromisoformat("2026-03-29T02:30:00.000001+02:00")
    frame = unpack(pack({"at": paris, "on": date(2026, 2, 28)})[HEAD.size :])
    assert frame == {"at": "2026-03-29T02:30:00.000001+02:00", "on": "2026-02-28"}


def test_a_lone_surrogate_does_not_stop_a_frame() -> None:
    assert unpack(pack({"text": "a\ud800b"})[HEAD.size :]) == {"text": "a?b"}


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_nonsense_is_refused_as_nonsense(body: bytes) -> None:
    try:
        frame = unpack(body)
    except BadFrameError:
        return
    assert isinstance(frame, dict)


def test_too_long_is_refused_at_both_ends(monkeypatch) -> None:
    monkeypatch.setattr(frames, "FRAME_LIMIT", 1000)
    with pytest.raises(FrameTooLargeError):
        pack({"data": b"x" * 1001})
    with pytest.raises(BadFrameError):
        body_length(HEAD.pack(1001))


def test_endless_nesting_is_too_large() -> None:
    nested: list[object] = []
    for _ in range(2000):
        nested = [nested]
    with pytest.raises(FrameTooLargeError):
        pack({"nested": nested})


def test_a_picture_whose_sizes_fit_its_pixels() -> None:
    picture = picture_of(PICTURE)
    assert (picture.width, picture.boxes) == (2, (("Jeanne", 0, 0, 1, 1),))


@pytest.mark.parametrize(
    "lie",
    [
        {"height": 3}, {"stride": 5}, {"width": 3}, {"width": -1}, {"width": True}, {"page": "1"},
        {"pixels": "text"}, {"encoded": None}, {"boxes": [["short"]]}, {"boxes": [["x", "a", 0, 0, 0]]},
        {"extra": 1}, {"stride": 1 << 70},
    ],
)  # fmt: skip
def test_a_picture_that_lies_about_its_size_never_reaches_the_screen(lie) -> None:
    with pytest.raises((ValueError, TypeError, IndexError)):
        picture_of(PICTURE | lie)

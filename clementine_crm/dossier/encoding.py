"""A dossier as bytes: canonical msgpack, one form for one state.

``[FORMAT, id, kind, {table: {row: [clock, device, {cell: value}, {cell: mark}?]}}]``, or for an erased
one ``[FORMAT, id, kind, [cause, at]]``. A mark is ``[clock, device, replaced clock, replaced device]``,
with two numbers more for what its writer had seen where that does not follow from the rest. Keys are
sorted, numbers as short as they can be. Every format begins with a short array and its number.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, NoReturn

import msgpack

from clementine_crm.domain.ids import Id
from clementine_crm.dossier.state import (
    ABSENT,
    NEVER,
    Cell,
    Dossier,
    Erased,
    Row,
    Stamp,
    State,
    Written,
    row_of,
)
from clementine_crm.errors import Corrupt, SchemaTooNew

FORMAT = 1
_ABSENT = msgpack.ExtType(1, b"")
_ID = 16
_TOP, _ROW, _MARK = 4, (3, 4), (4, 6)
_HEAD = bytes([0x90 | _TOP, FORMAT, 0xC4, _ID])
_AS_IT_IS = frozenset({str, bytes, type(None)})
# Nothing of ours is longer; without it nested headers could each reserve as much as the whole data.
_LONGEST = 8
# Stamps must leave room to stamp after them in SQLite's 64 bits.
_STAMPS = range(1 << 62)
_NUMBERS = range(-(1 << 63), 1 << 63)


def encode(state: State) -> bytes:
    """The bytes of a state: equal states, equal bytes."""
    if isinstance(state, Erased):
        return _pack([FORMAT, state.id, state.kind, [state.cause, state.at]])
    rows = {
        table: {id: _lay_row(row) for id, row in sorted(found.items())}
        for table, found in sorted(state.rows.items())
        if found
    }
    return _pack([FORMAT, state.id, state.kind, rows])


def decode(data: bytes) -> State:
    """The state of these bytes and no others.

    Corrupt ``dossier_damaged``; SchemaTooNew ``dossier_newer`` for a format this program is too old
    for. Memory stays within a small multiple of the data.
    """
    _check_format(data)
    state = _state(_unpack(data))
    # Doubled or unsorted keys, numbers written long: only the one form is a dossier of ours.
    if encode(state) != data:
        _damaged()
    return state


def dossier_in(data: bytes) -> Id:
    """Which dossier these bytes are of; raises as ``decode``, but looks no further."""
    _check_format(data)
    end = len(_HEAD) + _ID
    if not data.startswith(_HEAD) or len(data) < end:
        _damaged()
    return data[len(_HEAD) : end]


def digest(data: bytes) -> bytes:
    """SHA-256 of an encoded state."""
    return hashlib.sha256(data).digest()


def digest_of_all(digests: Mapping[Id, bytes]) -> bytes:
    """One SHA-256 over the states of many dossiers, in the order of their ids."""
    whole = hashlib.sha256()
    for id, one in sorted(digests.items()):
        whole.update(id + one)
    return whole.digest()


def pack_row(row: Row) -> bytes:
    return _pack(_lay_row(row))


def unpack_row(data: bytes) -> Row:
    return _row(_unpack(data))


def pack_cell(value: Cell) -> bytes:
    return _pack(value)


def unpack_cell(data: bytes) -> Cell:
    return _cell(_unpack(data))


def pack_cells(cells: Mapping[str, Cell]) -> bytes:
    return _pack(dict(sorted(cells.items())))


def unpack_cells(data: bytes) -> dict[str, Cell]:
    return _cells(_unpack(data))


def pack_marks(later: Mapping[str, Written]) -> bytes:
    return _pack({name: _lay_mark(mark) for name, mark in sorted(later.items())})


def unpack_marks(data: bytes) -> dict[str, Written]:
    return {name: _mark(mark) for name, mark in _map(_unpack(data)).items()}


# ── inside ────────────────────────────────────────────────────────────────────────────────────


def _pack(value: object) -> bytes:
    return bytes(msgpack.packb(value, default=_absent))


def _absent(_value: object) -> Any:
    return _ABSENT


def _lay_row(row: Row) -> list[object]:
    laid: list[object] = [*row.base, dict(sorted(row.cells.items()))]
    if row.later:
        laid.append({name: _lay_mark(mark) for name, mark in sorted(row.later.items())})
    return laid


def _lay_mark(mark: Written) -> list[int]:
    more = () if mark.seen == _follows(mark.at, mark.replaced) else mark.seen
    return [*mark.at, *mark.replaced, *more]


def _follows(at: Stamp, replaced: Stamp) -> Stamp:
    """What a writer had seen of others, when it wrote over its own or over what it had seen."""
    return NEVER if replaced.device == at.device else replaced


def _check_format(data: bytes) -> None:
    if data[:1] and data[0] & 0xF0 == 0x90 and FORMAT < int.from_bytes(data[1:2]) < 0x80:
        raise SchemaTooNew("dossier_newer")


def _damaged() -> NoReturn:
    raise Corrupt("dossier_damaged")


def _unpack(data: bytes) -> Any:
    try:
        return msgpack.unpackb(data, max_array_len=_LONGEST, max_ext_len=0)
    except (ValueError, TypeError, OverflowError, RecursionError):
        _damaged()


def _state(laid: Any) -> State:
    version, id, kind, what = _array(laid, _TOP)
    if version != FORMAT or type(version) is not int or type(kind) is not str:
        _damaged()
    if isinstance(what, list):
        cause, at = _array(what, 2)
        if type(cause) is not str or type(at) is not int or at not in _NUMBERS:
            _damaged()
        return Erased(_id(id), kind, cause, at)
    rows = {
        table: {_id(row): _row(laid_row) for row, laid_row in _map(found, bytes).items()}
        for table, found in _map(what).items()
    }
    return Dossier(_id(id), kind, rows)


def _row(laid: Any) -> Row:
    if type(laid) is not list or len(laid) not in _ROW:
        _damaged()
    base, cells = _stamp(laid[0], laid[1]), _cells(laid[2])
    if len(laid) == min(_ROW):
        if ABSENT in cells.values():
            _damaged()
        return Row(base, cells)
    marks = {name: _mark(mark) for name, mark in _map(laid[3]).items()}
    if not marks.keys() <= cells.keys():
        _damaged()
    plain = Written(base)
    return row_of(base, ((name, value, marks.get(name, plain)) for name, value in cells.items()))


def _cells(laid: Any) -> dict[str, Cell]:
    cells = _map(laid)
    for name, value in cells.items():
        if type(value) not in _AS_IT_IS:
            cells[name] = _cell(value)
    return cells


def _mark(laid: Any) -> Written:
    if type(laid) is not list or len(laid) not in _MARK:
        _damaged()
    at, replaced = _stamp(laid[0], laid[1]), _stamp(laid[2], laid[3])
    seen = _stamp(laid[4], laid[5]) if len(laid) == max(_MARK) else _follows(at, replaced)
    return Written(at, replaced, seen)


def _cell(value: Any) -> Cell:
    if type(value) in _AS_IT_IS:
        return value  # type: ignore[no-any-return]  # narrowed by type()
    if type(value) is int and value in _NUMBERS:
        return value
    if type(value) is float and not math.isnan(value):
        return value
    if value == _ABSENT and type(value) is msgpack.ExtType:
        return ABSENT
    _damaged()


def _stamp(clock: Any, device: Any) -> Stamp:
    if type(clock) is not int or type(device) is not int:
        _damaged()
    if clock not in _STAMPS or device not in _STAMPS:
        _damaged()
    return Stamp(clock, device)


def _id(value: Any) -> Id:
    if type(value) is not bytes or len(value) != _ID:
        _damaged()
    return value


def _array(value: Any, length: int) -> list[Any]:
    if type(value) is not list or len(value) != length:
        _damaged()
    return value


def _map(value: Any, keys: type = str) -> dict[Any, Any]:
    if type(value) is not dict or any(type(key) is not keys for key in value):
        _damaged()
    return value

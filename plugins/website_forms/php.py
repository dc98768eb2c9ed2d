"""Serialised PHP (``a:2:{s:3:"nom";s:7:"Léa";…}``), read by its byte lengths and never run.

Only what WordPress stores of a form is understood: arrays, strings, numbers, booleans, null.
Objects, references and custom formats are refused, so nothing in it can act.
"""

from __future__ import annotations

import re

Value = str | int | float | bool | None | dict[str, "Value"]
_DEPTH = 20
_ITEMS = 10_000
_SCALAR = re.compile(rb"(?:([ibd]):([-+0-9.eEINFA]{1,40})|N);")
_STRING = re.compile(rb's:(\d{1,9}):"')
_ARRAY = re.compile(rb"a:(\d{1,6}):\{")


class NotPhpError(ValueError):
    """The bytes are no serialised value of the kinds we read."""


def unserialised(text: str) -> Value:
    """The value in a serialised text. ``NotPhpError`` for anything else, ends included."""
    data = text.encode("utf-8", "surrogatepass")
    value, at = _value(data, 0, _DEPTH)
    if at != len(data):
        raise NotPhpError("more follows")
    return value


def words_of(value: Value) -> str:
    """A value as the form shows it: several ticked boxes joined by a comma and a blank."""
    if isinstance(value, dict):
        return ", ".join(filter(None, (words_of(one) for one in value.values())))
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    return str(value)


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    scalar = _SCALAR.match(data, at)
    if scalar:
        return _scalar(scalar), scalar.end()
    string = _STRING.match(data, at)
    if string:
        start = string.end()
        end = start + int(string[1])
        if data[end : end + 2] != b'";':
            raise NotPhpError("the length is not in bytes")
        return data[start:end].decode("utf-8", "replace"), end + 2
    return _array(data, at, depth)


def _scalar(found: re.Match[bytes]) -> Value:
    if found[1] is None:
        return None
    try:
        number = float(found[2])
    except ValueError:
        raise NotPhpError("no number") from None
    if found[1] == b"b":
        return number != 0
    return int(number) if found[1] == b"i" and abs(number) < 2**53 else number


def _array(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    head = _ARRAY.match(data, at)
    if head is None or depth == 0 or int(head[1]) > _ITEMS:
        raise NotPhpError("no value of a form")
    at = head.end()
    found: dict[str, Value] = {}
    for _ in range(int(head[1])):
        key, at = _value(data, at, 0)
        if isinstance(key, dict | float) or key is None:
            raise NotPhpError("no key")
        found[str(key)], at = _value(data, at, depth - 1)
    if data[at : at + 1] != b"}":
        raise NotPhpError("the array does not end")
    return found, at + 1

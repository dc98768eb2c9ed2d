"""Identifiers: 16 random bytes inside, UUID text outside."""

from __future__ import annotations

import os
import uuid

from clementine_crm.errors import NotFound

Id = bytes


def new_id() -> Id:
    """A random identifier (RFC 9562 version 4)."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    return bytes(raw)


def derived_id(parent: Id, name: str) -> Id:
    """The identifier that every desktop gives to the same value of the same dossier (UUIDv5)."""
    return uuid.uuid5(uuid.UUID(bytes=parent), name).bytes


def show_id(value: Id) -> str:
    return str(uuid.UUID(bytes=value))


def parse_id(text: str) -> Id:
    """The identifier a person typed; NotFound when it cannot be one."""
    try:
        return uuid.UUID(text).bytes
    except ValueError:
        raise NotFound("not_an_id", id=text) from None

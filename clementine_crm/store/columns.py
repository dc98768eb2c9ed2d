"""What the columns of the base are made of: instants, codes, cells, and the frame of a synced row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Date, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import Boolean, TypeDecorator
from typing_extensions import override

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as microseconds since 1970 UTC."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


def text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


class Code(TypeDecorator[StrEnum]):
    """A code of the domain, stored as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    @override
    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        return self.codes(value) if value else None


def code(name: str, codes: type[StrEnum]) -> Column[StrEnum]:
    return Column(name, Code(codes), nullable=False, server_default="")


def id(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=True)


def at(name: str) -> Column[datetime]:
    return Column(name, Instant, nullable=True)


def on(name: str) -> Column[date]:
    return Column(name, Date, nullable=True)


def number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=sql(str(default)))


def flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=sql("1" if default else "0"))


CLOCK_COLUMNS = ("clock", "dev", "cells", "extra")
KEY_COLUMNS = ("rid", "id", "dossier")


def synced(name: str, *cells: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("rid", Integer, primary_key=True),
        Column("id", LargeBinary, nullable=False, unique=True),
        Column("dossier", LargeBinary, nullable=False, index=True),
        *cells,
        Column("dead", Boolean, nullable=False, server_default=sql("0")),
        Column("clock", Integer, nullable=False, server_default=sql("0")),
        Column("dev", Integer, nullable=False, server_default=sql("0")),
        Column("cells", LargeBinary, nullable=True),
        Column("extra", LargeBinary, nullable=True),
        info={"synced": True},
    )

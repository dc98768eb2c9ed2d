"""Time, injected: the real instant, and the legal date that ``--as-of`` may move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    """What time it is, and what day the law counts."""

    def now(self) -> datetime:
        """The real instant, aware, in UTC: clocks of cells, audit, sessions."""
        ...

    def today(self) -> date:
        """The civil date in Europe/Paris that consents and deadlines count from."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock; ``as_of`` moves the legal date alone."""

    as_of: date | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.as_of or self.now().astimezone(PARIS).date()


def paris_date(instant: datetime) -> date:
    """The civil date of an instant (``gdpr.md`` A1)."""
    return instant.astimezone(PARIS).date()

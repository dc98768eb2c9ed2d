"""The hybrid clock: 48 bits of milliseconds, 16 of counter, and the device that stamped."""

from __future__ import annotations

from datetime import datetime


class HybridClock:
    """Stamps that never go back, even when the machine's clock does.

    ``device`` is the first 48 bits of the device's identifier: clocks compare by (stamp, device).
    """

    def __init__(self, device: int, last: int = 0) -> None:
        self.device = device
        self.last = last

    def tick(self, now: datetime) -> int:
        """A stamp for one transaction, later than every stamp given or observed."""
        self.last = max(int(now.timestamp() * 1000) << 16, self.last + 1)
        return self.last

    def observe(self, stamp: int) -> None:
        """Never stamp before ``stamp``, which another desktop gave."""
        self.last = max(self.last, stamp)


def device_number(device: bytes) -> int:
    return int.from_bytes(device[:6], "big")

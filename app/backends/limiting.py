"""How often somebody may ask: a bucket of requests for each, which fills again evenly. In this process's memory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from threading import Lock

MOST_KEPT = 50_000
"""How many callers are remembered at most, about 100 bytes each. Beyond it, those who rested longest are forgotten."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """`per_second` requests for ever, and up to `burst` at once after a rest."""

    per_second: int
    burst: int

    @property
    def window(self) -> int:
        """In how many seconds an empty bucket is full again."""
        return math.ceil(self.burst / self.per_second)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more request is let through, how many more would be at once, and the seconds to wait if it is not."""

    allowed: bool
    left: int
    wait: float
    full_in: float


class Limiter:
    """Counts by caller. One number is kept for each: when its bucket will be full again (the "generic cell rate")."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def ask(self, caller: str, allowance: Allowance, now: float) -> Verdict:
        """Take one request of `caller` into account at `now`, in seconds of a clock that only goes forward.

        A request that is refused costs nothing: who waits as long as told is let through.
        """
        each, whole = 1 / allowance.per_second, allowance.burst / allowance.per_second
        with self._lock:
            full_at = max(self._full_at.get(caller, now), now) + each
            over = full_at - now - whole
            if over > 1e-9:
                return Verdict(False, 0, over, full_at - each - now)
            self._full_at[caller] = full_at
            if len(self._full_at) > MOST_KEPT:
                self._forget(now)
        return Verdict(True, int((whole - (full_at - now)) * allowance.per_second + 1e-6), 0.0, full_at - now)

    def _forget(self, now: float) -> None:
        """Drop those whose bucket is full; if that is not half of all, also those whose bucket is fullest."""
        self._full_at = {caller: at for caller, at in self._full_at.items() if at > now}
        if len(self._full_at) > MOST_KEPT // 2:
            emptiest = sorted(self._full_at.items(), key=lambda item: item[1], reverse=True)[: MOST_KEPT // 2]
            self._full_at = dict(emptiest)


def caller_at(address: str) -> str:
    """Who is behind an address: an IPv4 address is one caller, and so is a whole /64 of IPv6, which one household gets."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return address

"""How large an organisation is, by its yearly income, in the sector's own bands."""

from __future__ import annotations

from bisect import bisect_right

SIZES = ("micro", "small", "medium", "large", "major", "super-major")
"""NCVO's bands, the smallest first. The lower bound belongs to the band."""

SIZE_WORDS = {
    "micro": "Micro: under £10,000 a year",
    "small": "Small: £10,000 to £100,000",
    "medium": "Medium: £100,000 to £1 million",
    "large": "Large: £1 million to £10 million",
    "major": "Major: £10 million to £100 million",
    "super-major": "Super-major: £100 million and more",
}

_LOWER_BOUNDS = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)


def size_of(income: int | None) -> str:
    """The band of a yearly income in whole pounds; "" where it is not known."""
    return "" if income is None else SIZES[bisect_right(_LOWER_BOUNDS, income)]

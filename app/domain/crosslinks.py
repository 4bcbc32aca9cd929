"""That a criterion says the same as another framework's criterion, whole or in part."""

from dataclasses import dataclass
from enum import StrEnum


class Extent(StrEnum):
    """How much of the other criterion is answered by what answers this one."""

    FULL = "full"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class MapsTo:
    """A link to the code of a criterion or node of another framework, which need not be known here."""

    framework: str
    code: str
    extent: Extent = Extent.PARTIAL

    def __str__(self) -> str:
        return f"{self.framework}:{self.code}"

"""Where the renewal of an award begins, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.award_dates import renewal_window
from app.domain.lifecycle import ENDED, AwardStatus
from app.models import Award
from app.queries.award_moves import terms_of
from app.queries.carrying import neighbours
from app.queries.ways import newest_open

RENEWABLE = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL)
"""An award is renewed while it stands, and after its last day as long as its terms say."""


@dataclass(frozen=True)
class Renewal:
    """The page on which a renewal begins, or the application that it has become. `closes` is the last day that counts."""

    path: str
    begun: bool
    closes: date


def begins_at(award: Award, edition_id: int) -> str:
    """Where what was written for an award is taken over into an application under an edition."""
    return f"/applications/{award.application_id}/carry/{edition_id}"


def renewal_of(award: Award, today: date) -> Renewal | None:
    """How its holder renews an award now; None where that is not open. Two statements."""
    opens, closes = renewal_window(award.expires_on, terms_of(award))
    if award.status not in RENEWABLE or not opens <= today <= closes:
        return None
    _, onward = neighbours(award.application)
    if onward is not None and onward.status not in ENDED:
        return Renewal(f"/applications/{onward.application_id}", True, closes)
    newest = newest_open({award.edition.code}).get(award.edition.code)
    return Renewal(begins_at(award, newest.edition_id), False, closes) if newest else None

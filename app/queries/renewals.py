"""Where the renewal of an award begins, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.award_dates import renewal_window
from app.domain.lifecycle import ENDED, AwardStatus
from app.extensions import db
from app.models import Application, Award, FrameworkEdition
from app.queries.award_moves import terms_of
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
    begun = _begun(award)
    if begun is not None:
        return Renewal(f"/applications/{begun}", True, closes)
    newest = newest_open({award.edition.code}).get(award.edition.code)
    return Renewal(begins_at(award, newest.edition_id), False, closes) if newest else None


def _begun(award: Award) -> int | None:
    """The id of the holder's open application for the same framework, however it was begun."""
    return db.session.scalars(
        select(Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == award.organisation_id,
            FrameworkEdition.code == award.edition.code,
            Application.status.not_in(ENDED),
            Application.id != award.application_id,
        )
        .order_by(Application.id.desc())
        .limit(1)
    ).first()

"""Certificates of other bodies as a pack shows them: what stands on the day, and who checked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.certificates_held import CheckState
from app.extensions import db
from app.queries.held_elsewhere import HeldRow, held_rows

BAD = frozenset({CheckState.REFUSED, CheckState.REVOKED})


@dataclass(frozen=True)
class CertificateRow:
    """One certificate. `checks` are (scheme, day on which it accepted it); empty where nobody here has."""

    title: str
    awarded_by: str
    number: str
    holder: str
    issued_on: date
    ends_on: date | None
    url: str
    checks: tuple[tuple[str, date], ...]


def certificate_rows(organisation_id: int, today: date) -> tuple[CertificateRow, ...]:
    """What an organisation holds of other bodies on a day, the newest first. Two statements.

    Left out are those that ended or were withdrawn, and those that a scheme looked at and none accepts.
    """
    return tuple(_row(each) for each in held_rows(db.session(), organisation_id, today) if _stands(each))


def _stands(held: HeldRow) -> bool:
    states = {check.state for check in held.checks}
    if CheckState.REVOKED in states:
        return False
    return not held.over and (CheckState.ACCEPTED in states or not states & BAD)


def _row(held: HeldRow) -> CertificateRow:
    accepted = [each for each in held.checks if each.state is CheckState.ACCEPTED and each.checked_at]
    return CertificateRow(
        title=held.title,
        awarded_by=held.awarded_by,
        number=held.number,
        holder=held.holder,
        issued_on=held.issued_on,
        ends_on=held.ends_on,
        url=held.url,
        checks=tuple((each.scheme, each.checked_at.date()) for each in accepted if each.checked_at),
    )

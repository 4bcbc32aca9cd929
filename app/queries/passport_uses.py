"""The passports on which a submitted application rests: kept as they were then, and looked at as they stand now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.passports import HeldElsewhere, fallen_open_on, named
from app.domain.scoring import Passported, Score
from app.models import Application, Passport, PassportUse
from app.queries.frameworks import framework_of
from app.queries.passports import NO_PASSPORTS, Answered, Held, Holding, PassportsHere, held_by, passports_of_draft

MOST_USES = 5_000
SETTLED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN})
"""The states after which a passport's end changes nothing of what was decided."""


@dataclass(frozen=True)
class Used:
    """A passport that answers a criterion of an application that was handed in: what it counts as, and what it rests on.

    `fell` says why it does not count any more; empty while it does.
    """

    code: str
    score: Passported
    holding: Holding
    fell: str = ""

    @property
    def stands(self) -> bool:
        return not self.fell


def passports_on(session: Session, application: Application, today: date) -> PassportsHere:
    """What passports do in an application on a day: live while it is worked on, else what it was handed in with."""
    framework = framework_of(application.edition)
    if application.status in EDITABLE or application.submitted_at is None:
        return passports_of_draft(session, application, framework, today)
    used = used_in(session, application, today)
    if not used:
        return NO_PASSPORTS
    return PassportsHere(
        answered={code: Answered(each.score, each.holding) for code, each in used.items() if each.stands},
        fallen={code: each.fell for code, each in used.items() if not each.stands},
    )


def used_in(session: Session, application: Application, today: date) -> dict[str, Used]:
    """The passports that an application was handed in with, by criterion: two statements at most, none without any."""
    return uses_of(session, [application], today).get(application.id, {})


def standing_scores(used: Mapping[str, Used]) -> dict[str, Score]:
    """The scores of those that still count."""
    return {code: each.score for code, each in used.items() if each.stands}


def standing_counts(session: Session, applications: Collection[Application], today: date) -> dict[int, int]:
    """How many criteria of each need no score because a passport answers them, by application id."""
    found = uses_of(session, applications, today)
    return {each.id: sum(used.stands for used in found.get(each.id, {}).values()) for each in applications}


def uses_of(session: Session, applications: Collection[Application], today: date) -> dict[int, dict[str, Used]]:
    """The same for several, by application id: two statements at most, whatever their number."""
    naming = [each for each in applications if each.submitted_at and named(framework_of(each.edition))]
    rows = _rows(session, {each.id for each in naming}) if naming else []
    if not rows:
        return {}
    using = {use.application_id for use, _ in rows}
    living = [each for each in naming if each.id in using and not _is_settled(each)]
    held = held_by(session, living, today) if living else {}
    by_id = {each.id: each for each in naming}
    found: dict[int, dict[str, Used]] = {}
    for use, passport in rows:
        application = by_id[use.application_id]
        used = _as_it_stands(use, passport, application, held.get(application.id), today)
        found.setdefault(application.id, {})[use.criterion_code] = used
    return found


def _rows(session: Session, application_ids: Collection[int]) -> list[tuple[PassportUse, Passport | None]]:
    last = and_(Application.id == PassportUse.application_id, Application.submitted_at == PassportUse.submitted_at)
    found = session.execute(
        select(PassportUse, Passport)
        .join(Application, last)
        .outerjoin(Passport, Passport.id == PassportUse.passport_id)
        .where(PassportUse.application_id.in_(application_ids))
        .order_by(PassportUse.id)
        .limit(MOST_USES)
    )
    return [(use, passport) for use, passport in found]


def _is_settled(application: Application) -> bool:
    return application.status in SETTLED or application.status is ApplicationStatus.DEFERRED


def _as_it_stands(
    use: PassportUse, passport: Passport | None, application: Application, held: Held | None, today: date
) -> Used:
    """The passport as it stands, or what answers as well where it does not. Without `held` the case is settled."""
    kept = Used(use.criterion_code, Passported(use.title, use.until, use.point), _kept(use, passport), use.fell_because)
    if held is None or kept.fell:
        return kept
    if any(_same(each, use) and each.held.valid_on(today) for each in held.holdings if each.counts):
        return kept
    framework = framework_of(application.edition)
    standing = held.answering(framework, today)
    scores = {code: each.score for code, each in standing.items()}
    fell = fallen_open_on(framework, kept.code, kept.score, scores, today)
    if fell:
        return replace(kept, fell=fell)
    return replace(kept, score=scores[kept.code], holding=standing[kept.code].holding)


def _same(holding: Holding, use: PassportUse) -> bool:
    return (holding.passport_id, holding.award_id) == (use.passport_id, use.award_id)


def _kept(use: PassportUse, passport: Passport | None) -> Holding:
    return Holding(
        held=HeldElsewhere("", ends_on=use.until, title=use.title),
        number=use.number,
        passport_id=use.passport_id,
        award_id=use.award_id,
        checked_by=use.checked_by,
        checked_at=use.checked_at,
        proof_id=passport.proof_id if passport else None,
        url=passport.url if passport else "",
        holder=passport.holder if passport else "",
        issued_on=passport.issued_on if passport else None,
    )

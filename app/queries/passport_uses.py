"""The passports on which a submitted application rests: kept as they were then, and looked at as they stand now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.passports import HeldElsewhere, fallen_open_on, named
from app.domain.scoring import Passported, Score
from app.models import Application, EvidenceVersion, Passport, PassportUse
from app.queries.frameworks import framework_of
from app.queries.passports import NO_PASSPORTS, Answered, Held, Holding, PassportsHere, held_by, passports_of_draft

MOST_USES = 5_000
SETTLED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN})
"""The states after which a passport's end changes nothing of what was decided."""


@dataclass(frozen=True)
class Used:
    """A passport that answered a criterion when the application was handed in. `score` is what it counts as.

    `fell` says why it does not count any more; empty while it does. `proof_id` is the version of the evidence that shows
    it, `media_type` that of its file, `url` where it can be checked.
    """

    code: str
    score: Passported
    number: str
    holder: str
    issued_on: date | None
    checked_by: str
    checked_at: datetime | None
    passport_id: int | None
    award_id: int | None
    proof_id: int | None
    media_type: str
    url: str
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
        answered={code: Answered(each.score, _holding(each)) for code, each in used.items() if each.stands},
        fallen={code: each.fell for code, each in used.items() if not each.stands},
    )


def _holding(used: Used) -> Holding:
    held = HeldElsewhere("", ends_on=used.score.until, title=used.score.by)
    return Holding(
        held,
        used.number,
        used.passport_id,
        used.award_id,
        None,
        used.checked_by,
        used.checked_at,
        used.proof_id,
        used.url,
    )


def used_in(session: Session, application: Application, today: date) -> dict[str, Used]:
    """The passports that an application was handed in with, by criterion: two statements at most, none without any."""
    return uses_of(session, [application], today).get(application.id, {})


def standing_scores(used: Mapping[str, Used]) -> dict[str, Score]:
    """The scores of those that still count."""
    return {code: each.score for code, each in used.items() if each.stands}


def uses_of(session: Session, applications: Collection[Application], today: date) -> dict[int, dict[str, Used]]:
    """The same for several, by application id: two statements at most, whatever their number."""
    naming = [each for each in applications if each.submitted_at and named(framework_of(each.edition))]
    rows = _rows(session, {each.id for each in naming}) if naming else []
    if not rows:
        return {}
    using = {use.application_id for use, _, _ in rows}
    living = [each for each in naming if each.id in using and not _is_settled(each)]
    held = held_by(session, living, today) if living else {}
    by_id = {each.id: each for each in naming}
    found: dict[int, dict[str, Used]] = {}
    for use, passport, media_type in rows:
        application = by_id[use.application_id]
        score, fell = _as_it_stands(use, application, held.get(application.id), today)
        found.setdefault(application.id, {})[use.criterion_code] = _used(use, passport, media_type, score, fell)
    return found


def _rows(session: Session, application_ids: Collection[int]) -> list[tuple[PassportUse, Passport | None, str | None]]:
    last = and_(Application.id == PassportUse.application_id, Application.submitted_at == PassportUse.submitted_at)
    found = session.execute(
        select(PassportUse, Passport, EvidenceVersion.media_type)
        .join(Application, last)
        .outerjoin(Passport, Passport.id == PassportUse.passport_id)
        .outerjoin(EvidenceVersion, EvidenceVersion.id == Passport.proof_id)
        .where(PassportUse.application_id.in_(application_ids))
        .order_by(PassportUse.id)
        .limit(MOST_USES)
    )
    return [(use, passport, media_type) for use, passport, media_type in found]


def _is_settled(application: Application) -> bool:
    return application.status in SETTLED or application.status is ApplicationStatus.DEFERRED


def _as_it_stands(use: PassportUse, application: Application, held: Held | None, today: date) -> tuple[Passported, str]:
    """The score, and why it does not count any more; "" while it does, or where something else answers as well.

    Without `held` the case is settled, and what was kept is told.
    """
    score = Passported(use.title, use.until, use.point)
    if held is None or use.fell_because:
        return score, use.fell_because
    key = f"p{use.passport_id}-" if use.passport_id else f"a{use.award_id}-"
    if any(each.held.key.startswith(key) and each.held.valid_on(today) for each in held.holdings if each.counts):
        return score, ""
    framework = framework_of(application.edition)
    standing = held.answering(framework, today)
    sentence = fallen_open_on(framework, use.criterion_code, score, {k: v.score for k, v in standing.items()}, today)
    return (score, sentence) if sentence else (standing[use.criterion_code].score, "")


def _used(use: PassportUse, passport: Passport | None, media_type: str | None, score: Passported, fell: str) -> Used:
    return Used(
        code=use.criterion_code,
        score=score,
        number=use.number,
        holder=passport.holder if passport else "",
        issued_on=passport.issued_on if passport else None,
        checked_by=use.checked_by,
        checked_at=use.checked_at,
        passport_id=use.passport_id,
        award_id=use.award_id,
        proof_id=passport.proof_id if passport else None,
        media_type=media_type or "",
        url=passport.url if passport else "",
        fell=fell,
    )

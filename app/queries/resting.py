"""Awards that rest on passports: which criteria, on what, until when, and whether that still stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.domain.framework import Framework
from app.domain.lifecycle import STANDING
from app.domain.passports import fallen_open_on
from app.domain.scoring import Passported
from app.models import Application, Award, FrameworkEdition, PassportUse
from app.queries.frameworks import framework_of
from app.queries.passports import Held, held_by

MOST_RESTING = 5_000
A_DAY = timedelta(days=1)
LIVING = STANDING


@dataclass(frozen=True)
class Resting:
    """One award, and one passport that it was granted on. `until` is the passport's last day; `codes` what it answered.

    `renewed` says that something else answers all of them the day after; `fell` why some are open today, in sentences.
    """

    award_id: int
    award_number: str
    application_id: int
    organisation_id: int
    provider: str
    scheme_id: int
    scheme_code: str
    title: str
    passport_id: int | None
    until: date | None
    codes: tuple[str, ...]
    use_ids: tuple[int, ...]
    told: int | None
    renewed: bool
    fell: tuple[str, ...]


def resting_on(session: Session, passport_id: int, scheme_id: int, today: date) -> tuple[Resting, ...]:
    """The living awards of a scheme that rest on one certificate."""
    return _resting(session, today, Application.scheme_id == scheme_id, PassportUse.passport_id == passport_id)


def resting_awards(
    session: Session,
    today: date,
    *,
    scheme_ids: Collection[int] | None = None,
    organisation_ids: Collection[int] | None = None,
    application_ids: Collection[int] | None = None,
) -> tuple[Resting, ...]:
    """The living awards of these schemes, organisations or applications that rest on passports. At most two statements."""
    conditions: list[ColumnElement[bool]] = []
    if application_ids is not None:
        conditions.append(PassportUse.application_id.in_(application_ids))
    if scheme_ids is not None:
        conditions.append(Application.scheme_id.in_(scheme_ids))
    if organisation_ids is not None:
        conditions.append(Application.organisation_id.in_(organisation_ids))
    return _resting(session, today, *conditions)


def _resting(session: Session, today: date, *conditions: ColumnElement[bool]) -> tuple[Resting, ...]:
    rows = session.execute(
        select(PassportUse, Award)
        .join(Application, Application.id == PassportUse.application_id)
        .join(Award, Award.application_id == Application.id)
        .where(
            PassportUse.submitted_at == Application.submitted_at,
            PassportUse.fell_because == "",
            Award.status.in_(LIVING),
            Award.expires_on >= today,
            *conditions,
        )
        .options(
            joinedload(Award.application).joinedload(Application.organisation),
            joinedload(Award.application).joinedload(Application.edition).joinedload(FrameworkEdition.scheme),
        )
        .order_by(PassportUse.application_id, PassportUse.id)
        .limit(MOST_RESTING)
    ).all()
    groups: dict[tuple[int, int | None, int | None], list[tuple[PassportUse, Award]]] = {}
    for use, award in rows:
        groups.setdefault((award.id, use.passport_id, use.award_id), []).append((use, award))
    held = held_by(session, {award.application for _, award in rows}, today) if rows else {}
    return tuple(
        _group([use for use, _ in group], group[0][1], held[group[0][1].application_id], today)
        for group in groups.values()
    )


def _group(uses: list[PassportUse], award: Award, held: Held, today: date) -> Resting:
    application = award.application
    framework = framework_of(application.edition)
    standing = {code: each.score for code, each in held.answering(framework, today).items()}
    sentences = (
        fallen_open_on(framework, use.criterion_code, Passported(use.title, use.until, use.point), standing, today)
        for use in uses
    )
    codes = tuple(use.criterion_code for use in uses)
    tomorrow = _lasting_longer(framework, held, codes, uses[0].until)
    return Resting(
        award_id=award.id,
        award_number=award.number,
        application_id=application.id,
        organisation_id=application.organisation_id,
        provider=application.organisation.name,
        scheme_id=application.scheme_id,
        scheme_code=application.edition.scheme.code,
        title=uses[0].title,
        passport_id=uses[0].passport_id,
        until=uses[0].until,
        codes=codes,
        use_ids=tuple(use.id for use in uses),
        told=uses[0].told_days,
        renewed=tomorrow,
        fell=tuple(sentence for sentence in sentences if sentence),
    )


def _lasting_longer(framework: Framework, held: Held, codes: tuple[str, ...], until: date | None) -> bool:
    """Whether something else answers all of them the day after this passport's last."""
    if until is None:
        return False
    return set(codes) <= set(held.answering(framework, until + A_DAY))

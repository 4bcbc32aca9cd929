"""The home of a provider: what stands where. What to do next is in to_do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Actor, Role
from app.domain.editions import is_higher
from app.domain.lifecycle import CURRENT, EDITABLE, ENDED, ApplicationStatus, AwardStatus, status_on
from app.extensions import db
from app.models import Application, Award, Organisation, Question, RegisterEntry
from app.queries.carrying import CARRIABLE
from app.queries.organisations import open_editions, own_organisation
from app.queries.progress import HowFar, how_far
from app.queries.to_do.requests import waits_for_the_provider
from app.queries.ways import NewerEdition, newest_open

MOST = 50


@dataclass(frozen=True)
class ApplicationRow:
    """One application in a list. `done` and `total` count criteria; both 0 once it can no longer be edited.

    `newer` is the later edition to which it can be carried over, `carried_over` that it was.
    """

    application_id: int
    framework: str
    target: str
    status: ApplicationStatus
    status_at: datetime
    done: int
    total: int
    waiting: int
    due_on: date | None
    newer: NewerEdition | None
    carried_over: bool

    @property
    def editable(self) -> bool:
        return self.status in EDITABLE


@dataclass(frozen=True)
class HeldRow:
    """One award of the organisation, as of today."""

    award_id: int
    application_id: int
    scheme: str
    number: str
    level_title: str
    status: AwardStatus
    current: bool
    granted_on: date
    expires_on: date
    conditions: str
    conditions_due_on: date | None
    has_certificate: bool
    slug: str | None

    @property
    def held(self) -> bool:
        """Whether it is still theirs: a suspended award is, until it is withdrawn."""
        return self.current or self.status is AwardStatus.SUSPENDED


@dataclass(frozen=True)
class OfferRow:
    """A framework under which the organisation could apply."""

    edition_id: int
    title: str
    scheme: str


@dataclass(frozen=True)
class HomePage:
    """One organisation: its applications, its awards, what it could apply for. What to do there is in to_do."""

    organisation_id: int
    organisation: str
    applications: tuple[ApplicationRow, ...]
    awards: tuple[HeldRow, ...]
    offers: tuple[OfferRow, ...]


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation of a person who belongs to several."""

    organisation_id: int
    name: str
    role: Role
    open_applications: int
    waiting: int


def my_organisations(actor: Actor) -> tuple[OrganisationRow, ...]:
    """The organisations that the actor belongs to, by name. Three statements."""
    ids = list(actor.organisations)[:MOST]
    if not ids:
        return ()
    applications = _counted(
        select(Application.organisation_id, func.count())
        .where(Application.organisation_id.in_(ids), Application.status.not_in(ENDED))
        .group_by(Application.organisation_id)
    )
    waiting = _counted(
        select(Application.organisation_id, func.count())
        .join(Question, Question.application_id == Application.id)
        .where(Application.organisation_id.in_(ids), *waits_for_the_provider())
        .group_by(Application.organisation_id)
    )
    names = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    ).all()
    return tuple(
        OrganisationRow(key, name, actor.organisations[key], applications.get(key, 0), waiting.get(key, 0))
        for key, name in names
    )


def _counted(statement) -> dict[int, int]:
    return {key: count for key, count in db.session.execute(statement).all()}


def home_page(organisation_id: int, actor: Actor, today: date) -> HomePage:
    """The home of one organisation. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor)
    applications = _applications(organisation.id, today)
    busy = {row.framework_code for row in applications if row.application.status not in ENDED}
    return HomePage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        applications=tuple(row.shown for row in applications),
        awards=_awards(organisation.id, today),
        offers=_offers(busy),
    )


@dataclass(frozen=True)
class _Found:
    application: Application
    framework_code: str
    shown: ApplicationRow


def _applications(organisation_id: int, today: date) -> list[_Found]:
    rows = db.session.scalars(
        select(Application)
        .where(Application.organisation_id == organisation_id)
        .options(joinedload(Application.edition), joinedload(Application.organisation))
        .order_by(Application.id.desc())
        .limit(MOST)
    ).all()
    questions = db.session.execute(
        select(Question.application_id, func.count(), func.min(Question.due_on))
        .join(Application, Application.id == Question.application_id)
        .where(Application.organisation_id == organisation_id, *waits_for_the_provider())
        .group_by(Question.application_id)
    ).all()
    waiting = {key: (count, due) for key, count, due in questions}
    newer = _newer(rows)
    over = {row.carried_from_id for row in rows if row.status is not ApplicationStatus.WITHDRAWN}
    # How far it is counts only where it can still change: at most one application of each framework.
    far = how_far(db.session(), [row for row in rows if row.status in EDITABLE and row.id not in over], today)
    return [
        _Found(
            row,
            row.edition.code,
            _row(row, far.get(row.id), *waiting.get(row.id, (0, None)), newer.get(row.id), row.id in over),
        )
        for row in rows
    ]


def _newer(rows: Sequence[Application]) -> dict[int, NewerEdition]:
    """Where the newest application of each framework could be carried over to, by its id. One statement."""
    newest: dict[str, Application] = {}
    for row in rows:
        newest.setdefault(row.edition.code, row)
    tops = newest_open({row.edition.code for row in newest.values() if row.status in CARRIABLE})
    return {
        row.id: tops[code]
        for code, row in newest.items()
        if code in tops and is_higher(tops[code].edition, row.edition.edition)
    }


def _row(
    application: Application,
    far: HowFar | None,
    waiting: int,
    due_on: date | None,
    newer: NewerEdition | None,
    carried_over: bool,
) -> ApplicationRow:
    return ApplicationRow(
        application_id=application.id,
        framework=f"{application.edition.title} {application.edition.edition}",
        target=application.target or "",
        status=application.status,
        status_at=application.status_at,
        done=far.done if far else 0,
        total=far.total if far else 0,
        waiting=waiting,
        due_on=due_on,
        newer=newer,
        carried_over=carried_over,
    )


def _awards(organisation_id: int, today: date) -> tuple[HeldRow, ...]:
    found = db.session.execute(
        select(Award, RegisterEntry.slug)
        .outerjoin(RegisterEntry, RegisterEntry.award_id == Award.id)
        .where(Award.organisation_id == organisation_id)
        .options(joinedload(Award.scheme))
        .order_by(Award.id.desc())
        .limit(MOST)
    ).all()
    return tuple(_held(award, slug, today) for award, slug in found)


def _held(award: Award, slug: str | None, today: date) -> HeldRow:
    status = status_on(award.status, award.expires_on, today)
    return HeldRow(
        award_id=award.id,
        application_id=award.application_id,
        scheme=award.scheme.title,
        number=award.number,
        level_title=award.level_title,
        status=status,
        current=status in CURRENT,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        conditions=award.conditions,
        conditions_due_on=award.conditions_due_on,
        has_certificate=bool(award.certificate_key),
        slug=slug,
    )


def _offers(busy: set[str]) -> tuple[OfferRow, ...]:
    """The newest open edition of each framework for which nothing is open yet."""
    newest: dict[str, OfferRow] = {}
    for edition in open_editions():
        if edition.code not in busy:
            newest.setdefault(
                edition.code, OfferRow(edition.id, f"{edition.title} {edition.edition}", edition.scheme.title)
            )
    return tuple(newest.values())

"""Visits of one case as its assessors see them, and as its provider does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.lifecycle import AssessmentStatus
from app.domain.populations import members_of_list, members_of_range, population_hash
from app.domain.sampling import draw, samples_in_words
from app.domain.visits import TO_COME, WAY_WORDS, ProposalState, VisitStatus, VisitWay
from app.extensions import db
from app.models import Assessment, Site, User, Visit, VisitDraw, VisitGoer, VisitProposal
from app.queries.assessment_basics import editable, readable_assessment
from app.queries.frameworks import framework_of

MOST = 100


@dataclass(frozen=True)
class VisitRow:
    """One visit. `open` tells whether it is still to come, as far as its status says."""

    visit_id: int
    status: VisitStatus
    way: VisitWay
    starts_at: datetime
    ends_at: datetime
    place: str
    sites: tuple[str, ...]
    goers: tuple[str, ...]
    meets: str
    about: str
    reason: str
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def how(self) -> str:
        return WAY_WORDS[self.way]

    @property
    def open(self) -> bool:
        return self.status in TO_COME


@dataclass(frozen=True)
class DrawRow:
    """One sample as it was drawn: see app.models.visit.VisitDraw."""

    draw_id: int
    of: str
    population: str
    population_size: int
    population_hash: str
    size: int
    rule: str
    seed: str
    drawn: tuple[str, ...]
    reason: str
    drawn_at: datetime


@dataclass(frozen=True)
class ProposalRow:
    """Another time that the provider proposed."""

    proposal_id: int
    starts_at: datetime
    ends_at: datetime
    words: str
    state: ProposalState
    answer: str
    at: datetime


@dataclass(frozen=True)
class VisitsPage:
    """Every visit that one assessor goes on or planned in one case. `samples` says how much the framework asks for."""

    assessment_id: int
    provider: str
    editable: bool
    rows: tuple[VisitRow, ...]
    samples: tuple[str, ...]
    sites: tuple[tuple[int, str], ...]
    assessors: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class VisitPage:
    """One visit with its draws and proposals. `changeable` tells whether the reader may change the plan."""

    assessment_id: int
    application_id: int
    provider: str
    changeable: bool
    row: VisitRow
    site_ids: tuple[int, ...]
    goer_ids: tuple[int, ...]
    draws: tuple[DrawRow, ...]
    proposals: tuple[ProposalRow, ...]
    sampled: tuple[str, ...]

    def draw(self, draw_id: int) -> DrawRow:
        """One of the draws. Raises NotFound."""
        for each in self.draws:
            if each.draw_id == draw_id:
                return each
        raise NotFound("There is no such draw.")

    def proposal(self, proposal_id: int) -> ProposalRow:
        """One of the proposals. Raises NotFound."""
        for each in self.proposals:
            if each.proposal_id == proposal_id:
                return each
        raise NotFound("There is no such proposal.")

    @property
    def waiting(self) -> ProposalRow | None:
        """The proposal that waits for an answer."""
        return next((each for each in self.proposals if each.state is ProposalState.OPEN), None)


def visits_page(assessment_id: int, actor: Actor) -> VisitsPage:
    """The actor's visits in one case, those to come first. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    found = db.session.scalars(
        all_visits()
        .where(Visit.application_id == application.id, _concerns(actor))
        .order_by(Visit.starts_at.desc())
        .limit(MOST)
    ).all()
    rows = [visit_row(each) for each in found]
    return VisitsPage(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        editable=editable(assessment),
        rows=tuple(sorted(rows, key=lambda row: not row.open)),
        samples=samples_in_words(framework_of(application.edition).assessment.samples, application.facts),
        sites=_sites(application.organisation_id),
        assessors=_assessors(application.id),
    )


def all_visits() -> Select[tuple[Visit]]:
    """Visits with their sites and with who goes."""
    return select(Visit).options(selectinload(Visit.sites), selectinload(Visit.goers))


def _concerns(actor: Actor) -> ColumnElement[bool]:
    """Visits that the actor planned or goes on: others' are none of theirs while they score."""
    planned = select(Assessment.id).where(Assessment.assessor_id == actor.user_id)
    goes = select(VisitGoer.visit_id).where(VisitGoer.user_id == actor.user_id)
    return or_(Visit.assessment_id.in_(planned), Visit.id.in_(goes))


def visit_page(visit_id: int, actor: Actor) -> VisitPage:
    """One visit for an assessor who goes on it. Raises NotFound, NotAllowed."""
    visit = db.session.scalars(all_visits().where(Visit.id == visit_id, _concerns(actor))).first()
    if visit is None:
        raise NotFound("There is no such visit.")
    own = db.session.scalars(
        select(Assessment.id).where(
            Assessment.application_id == visit.application_id, Assessment.assessor_id == actor.user_id
        )
    ).first()
    assessment = readable_assessment(own or 0, actor)
    application = assessment.application
    return VisitPage(
        assessment_id=assessment.id,
        application_id=application.id,
        provider=application.organisation.name,
        changeable=editable(assessment) and visit.assessment_id == assessment.id,
        row=visit_row(visit),
        site_ids=tuple(site.id for site in visit.sites),
        goer_ids=tuple(user.id for user in visit.goers),
        draws=draws_of(visit.id),
        proposals=proposals_of(visit.id),
        sampled=tuple(framework_of(application.edition).assessment.samples),
    )


def visit_row(visit: Visit) -> VisitRow:
    """A visit in plain values."""
    return VisitRow(
        visit_id=visit.id,
        status=visit.status,
        way=visit.way,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        place=visit.place,
        sites=tuple(site.name for site in visit.sites),
        goers=tuple(user.name for user in visit.goers),
        meets=visit.meets,
        about=visit.about,
        reason=visit.reason,
        version=visit.version,
        created_at=visit.created_at,
        updated_at=visit.updated_at,
    )


def draws_of(visit_id: int) -> tuple[DrawRow, ...]:
    """What was drawn for a visit, the latest first."""
    found = db.session.scalars(
        select(VisitDraw).where(VisitDraw.visit_id == visit_id).order_by(VisitDraw.id.desc()).limit(MOST)
    )
    return tuple(_draw_row(each) for each in found)


def _draw_row(each: VisitDraw) -> DrawRow:
    return DrawRow(
        draw_id=each.id,
        of=each.of,
        population=each.population,
        population_size=each.population_size,
        population_hash=each.population_hash,
        size=each.size,
        rule=each.rule,
        seed=each.seed,
        drawn=tuple(each.drawn),
        reason=each.reason,
        drawn_at=each.drawn_at,
    )


def proposals_of(visit_id: int) -> tuple[ProposalRow, ...]:
    """The times that the provider proposed, the latest first."""
    found = db.session.scalars(
        select(VisitProposal).where(VisitProposal.visit_id == visit_id).order_by(VisitProposal.id.desc()).limit(MOST)
    )
    return tuple(
        ProposalRow(each.id, each.starts_at, each.ends_at, each.words, each.state, each.answer, each.at)
        for each in found
    )


def _sites(organisation_id: int) -> tuple[tuple[int, str], ...]:
    found = db.session.execute(
        select(Site.id, Site.name)
        .where(Site.organisation_id == organisation_id, Site.closed_at.is_(None))
        .order_by(Site.name, Site.id)
        .limit(MOST)
    )
    return tuple((site_id, name) for site_id, name in found)


def _assessors(application_id: int) -> tuple[tuple[int, str], ...]:
    reading = (AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN)
    found = db.session.execute(
        select(User.id, User.name)
        .join(Assessment, Assessment.assessor_id == User.id)
        .where(Assessment.application_id == application_id, Assessment.status.in_(reading))
        .order_by(Assessment.id)
    )
    return tuple((user_id, name) for user_id, name in found)


@dataclass(frozen=True)
class Repeated:
    """What drawing again gave: whether the population is the same, and whether the sample is."""

    same_population: bool
    same_sample: bool
    drawn: tuple[str, ...]


def drawn_again(visit_id: int, draw_id: int, population: str, actor: Actor) -> Repeated:
    """Draw again from what somebody holds, with the seed on record. Raises NotFound, NotAllowed, Invalid."""
    row = visit_page(visit_id, actor).draw(draw_id)
    members = members_of_range(population) if row.population.startswith("Numbers ") else members_of_list(population)
    again = draw(members, min(row.size, len(members)), row.seed)
    return Repeated(population_hash(members) == row.population_hash, again == row.drawn, again)

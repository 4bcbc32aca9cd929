"""Drawing at random what is looked at on a visit, so that anybody can draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Invalid, check_length
from app.domain.populations import members_of_list, members_of_range, population_hash
from app.domain.sampling import draw, sample_size
from app.models import Site, VisitDraw
from app.queries.frameworks import framework_of
from app.services.assessing import record_on_assessment
from app.services.transactions import transaction
from app.services.visits import own_visit

LONGEST = 2_000
MOST_DRAWN = 500


@dataclass(frozen=True)
class Wanted:
    """What to draw. `of` names it ("files"); `how` is sites, range or list, and `population` the text of the two last.

    `size` is how many; None for as many as the framework asks for. Another number than that, and drawing once more, needs a
    reason.
    """

    of: str
    how: str
    population: str = ""
    size: int | None = None
    reason: str = ""


def draw_sample(visit_id: int, wanted: Wanted, seed: str, *, actor: Actor, now: datetime) -> int:
    """Draw with `seed`, which came out of a source of randomness, and keep the draw for good. Returns its id.

    A list of references is not kept: its hash and its length are. Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    check_length(wanted.reason, LONGEST, "reason")
    with transaction() as session:
        visit, assessment = own_visit(session, visit_id, actor)
        names = [f"{site.name} (site {site.id})" for site in _sites(session, assessment.application.organisation_id)]
        members, said = _members(wanted, names)
        rule = framework_of(assessment.application.edition).assessment.samples.get(wanted.of)
        asked = sample_size(rule, len(members)) if rule else None
        size = asked if wanted.size is None else wanted.size
        _check(wanted, size, asked, len(members), again=_drawn_before(session, visit.id, wanted.of))
        drawn = VisitDraw(
            visit_id=visit.id,
            of=wanted.of[:80],
            population=said[:500],
            population_size=len(members),
            population_hash=population_hash(members),
            size=size,
            rule=rule.words if rule else "",
            seed=seed,
            drawn=list(draw(members, size or 0, seed)),
            reason=wanted.reason.strip(),
            drawn_at=now,
            drawn_by_id=actor.user_id,
        )
        session.add(drawn)
        session.flush()
        detail = {"visit": visit.id, "of": drawn.of, "seed": seed, "population_hash": drawn.population_hash}
        detail |= {"size": drawn.size, "of_size": drawn.population_size, "reason": drawn.reason}
        record_on_assessment(session, actor, "visit.sample-drawn", assessment, now, **detail)
        return drawn.id


def _sites(session: Session, organisation_id: int) -> list[Site]:
    found = session.scalars(
        select(Site).where(Site.organisation_id == organisation_id, Site.closed_at.is_(None)).order_by(Site.id)
    )
    return list(found)


def _members(wanted: Wanted, sites: list[str]) -> tuple[tuple[str, ...], str]:
    """The members, and how the population is described."""
    if not wanted.of.strip():
        raise Invalid({"of": "Say what is drawn, such as files."})
    if wanted.how == "sites":
        if not sites:
            raise Invalid({"how": "This organisation has entered no sites. Draw from a range or a list."})
        return tuple(sites), "The sites that the organisation entered"
    if wanted.how == "range":
        return members_of_range(wanted.population), f"Numbers {' '.join(wanted.population.split())}"
    if wanted.how == "list":
        members = members_of_list(wanted.population)
        return members, f"A list of {len(members):,} references"
    raise Invalid({"how": "Say what to draw from."})


def _drawn_before(session: Session, visit_id: int, of: str) -> bool:
    return (
        session.scalars(select(VisitDraw.id).where(VisitDraw.visit_id == visit_id, VisitDraw.of == of)).first()
        is not None
    )


def _check(wanted: Wanted, size: int | None, asked: int | None, of_all: int, *, again: bool) -> None:
    if size is None:
        raise Invalid({"size": "Say how many to draw. The framework asks for no number of these."})
    if not 1 <= size <= min(of_all, MOST_DRAWN):
        raise Invalid({"size": f"Draw between 1 and {min(of_all, MOST_DRAWN):,} of these {of_all:,}."})
    if wanted.reason.strip():
        return
    if again:
        raise Invalid({"reason": "These were drawn before, and that draw stays on record. Say why you draw again."})
    if asked is not None and size != asked:
        raise Invalid({"reason": f"The framework asks for {asked:,} of these. Say why you draw another number."})

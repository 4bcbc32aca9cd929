"""Answers given elsewhere that could be used again on a criterion: what is offered, what was taken and turned down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.crosslinks import Extent
from app.domain.crosswalk import Link, Place, strength
from app.domain.framework import Framework
from app.domain.lifecycle import EDITABLE
from app.domain.proposals import Here, Offered, Reply, proposes_point, worth_offering
from app.extensions import db
from app.models import Answer, Application, FrameworkEdition, Proposal, User
from app.queries.crosswalks import links_into
from app.queries.frameworks import framework_of
from app.queries.given_elsewhere import Given, Piece, Source, given_in, sources_of
from app.queries.self_assessments import own_application

MOST_OFFERS = 5
"""How many answers are offered on one criterion, the best first."""


@dataclass(frozen=True)
class Origin:
    """Which answer is meant: the application and criterion that it stands under, and the version that was shown."""

    application_id: int
    code: str
    version: int

    def __str__(self) -> str:
        return f"{self.application_id}:{self.version}:{self.code}"


@dataclass(frozen=True)
class Offer:
    """An answer that could be used on the criterion `code`. `proposes` is the level that would come with it, or empty.

    `through` is the title of the part of a framework that the link names, where it names no criterion. `new_words` and
    `new_evidence` say what of it does not stand here yet, `again` that an earlier version of it was taken.
    """

    code: str
    origin: Origin
    framework: str
    heading: str
    handed_in: bool
    extent: Extent
    through: str
    level: str
    proposes: str
    reason: str
    new_words: bool
    evidence: tuple[Piece, ...]
    new_evidence: int
    at: datetime
    again: bool


@dataclass(frozen=True)
class RepliedRow:
    """An offered answer that was taken or turned down. `changed` says that the own answer was changed since."""

    origin: Origin
    reply: Reply
    framework: str
    heading: str
    extent: Extent
    words: bool
    evidence: int
    by: str
    at: datetime
    changed: bool


@dataclass(frozen=True)
class Proposals:
    """What there is to use again on one criterion, the best first, and what was taken and turned down."""

    offers: tuple[Offer, ...]
    replied: tuple[RepliedRow, ...]

    @property
    def taken(self) -> tuple[RepliedRow, ...]:
        return tuple(row for row in self.replied if row.reply is Reply.ACCEPTED)

    @property
    def declined(self) -> tuple[RepliedRow, ...]:
        return tuple(row for row in self.replied if row.reply is Reply.DECLINED)


def proposals_for(application_id: int, code: str, here: Here, actor: Actor) -> Proposals:
    """What the page of one criterion offers beside what stands there. At most four statements. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    replied = replies_of(db.session(), application.id, code).get(code, ())
    if application.status not in EDITABLE:
        return Proposals((), replied)
    return Proposals(offers_on(db.session(), application, code, here, replied), replied)


# --- What was taken and turned down ---


def taken_on(session: Session, application_id: int, code: str) -> tuple[RepliedRow, ...]:
    """What was taken from elsewhere on one criterion, in order: for whoever may read the case. One statement."""
    found = replies_of(session, application_id, code).get(code, ())
    return tuple(row for row in found if row.reply is Reply.ACCEPTED)


def replies_of(session: Session, application_id: int, code: str | None = None) -> dict[str, tuple[RepliedRow, ...]]:
    """What was taken and turned down in one application, by criterion. One statement."""
    statement = (
        select(Proposal, FrameworkEdition, User.name, Answer.version)
        .join(Application, Application.id == Proposal.source_application_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .join(User, User.id == Proposal.replied_by_id)
        .outerjoin(
            Answer,
            (Answer.application_id == Proposal.application_id) & (Answer.criterion_code == Proposal.criterion_code),
        )
        .where(Proposal.application_id == application_id)
        .order_by(Proposal.replied_at, Proposal.id)
    )
    if code is not None:
        statement = statement.where(Proposal.criterion_code == code)
    found: dict[str, tuple[RepliedRow, ...]] = {}
    for row, edition, name, version in session.execute(statement).all():
        replied = _replied(row, edition, name, version)
        found[row.criterion_code] = (*found.get(row.criterion_code, ()), replied)
    return found


def _replied(row: Proposal, edition: FrameworkEdition, name: str, version: int | None) -> RepliedRow:
    return RepliedRow(
        origin=Origin(row.source_application_id, row.source_code, row.source_version),
        reply=row.reply,
        framework=f"{edition.title} {edition.edition}",
        heading=str(framework_of(edition).criterion(row.source_code).heading),
        extent=row.extent,
        words=row.words,
        evidence=row.evidence,
        by=name,
        at=row.replied_at,
        changed=(version or 0) > row.answer_version,
    )


# --- What is offered ---


Candidate = tuple[Source, Link, Given]


def offers_on(
    session: Session, application: Application, code: str, here: Here, replied: Sequence[RepliedRow]
) -> tuple[Offer, ...]:
    """What could be used on one criterion, the best first. Three statements at most.

    What stands there already (`here`) and what was `replied` to is not offered. Of several applications under one
    framework, the answer that was written last counts.
    """
    framework = framework_of(application.edition)
    sources = sources_of(session, application.organisation_id, but=application.id)
    linked = _linked(framework, code, sources)
    if not linked:
        return ()
    codes = {link.source.code for _, link in linked}
    given = given_in(session, {source.application_id for source, _ in linked}, codes)
    return _best(framework, here, _last_written(linked, given), replied)


def offers_one_by_one(
    session: Session,
    application: Application,
    standing: Mapping[str, Here],
    replied: Mapping[str, Sequence[RepliedRow]],
) -> Iterator[tuple[str, tuple[Offer, ...]]]:
    """The same on each criterion of `standing`, as (code, offers), worked out as they are asked for. Three statements."""
    framework = framework_of(application.edition)
    sources = sources_of(session, application.organisation_id, but=application.id)
    given = given_in(session, [source.application_id for source in sources])
    for code, here in standing.items():
        candidates = _last_written(_linked(framework, code, sources), given)
        yield code, _best(framework, here, candidates, replied.get(code, ()))


def _linked(framework: Framework, code: str, sources: Sequence[Source]) -> list[tuple[Source, Link]]:
    """Every link into a criterion from each application. Those under one edition are linked alike."""
    links = {there: links_into(framework, code, there) for there in {source.framework for source in sources}}
    return [(source, link) for source in sources for link in links[source.framework]]


def _last_written(linked: Iterable[tuple[Source, Link]], given: Mapping[tuple[int, str], Given]) -> Iterable[Candidate]:
    """What has something to take; of one criterion answered in several applications, what was written last."""
    last: dict[tuple[str, str], Candidate] = {}
    for source, link in linked:
        there = given.get((source.application_id, link.source.code))
        if there is None or not worth_offering(there.claim, len(there.evidence)):
            continue
        key = (link.source.framework, link.source.code)
        if key not in last or last[key][2].at < there.at:
            last[key] = (source, link, there)
    return last.values()


def _best(
    framework: Framework, here: Here, candidates: Iterable[Candidate], replied: Sequence[RepliedRow]
) -> tuple[Offer, ...]:
    """The first few that nobody replied to yet, or that changed since they were taken, and that bring something new."""
    seen = {(row.origin.application_id, row.origin.code): row for row in replied}
    best: list[Offer] = []
    for source, link, there in sorted(candidates, key=lambda each: (strength(each[1]), each[2].at), reverse=True):
        row = seen.get((source.application_id, link.source.code))
        changed = row is not None and row.reply is Reply.ACCEPTED and row.origin.version != there.version
        new = here.lacks_words(there.claim) or here.lacks_evidence([piece.item_id for piece in there.evidence])
        if new and (row is None or changed):
            best.append(_offer(framework, here, source, link, there, again=changed))
        if len(best) == MOST_OFFERS:
            break
    return tuple(best)


def _offer(framework: Framework, here: Here, source: Source, link: Link, there: Given, *, again: bool) -> Offer:
    criterion, other = framework.criterion(link.target.code), source.framework.criterion(link.source.code)
    point = there.claim.point
    level = other.scale.label_of(point) if point is not None else ""
    proposed = proposes_point(criterion, here.claim, Offered(other, there.claim, link.extent))
    return Offer(
        code=criterion.code,
        origin=Origin(source.application_id, other.code, there.version),
        framework=source.title,
        heading=str(other.heading),
        handed_in=source.status not in EDITABLE,
        extent=link.extent,
        through=_title(link.through, source.framework, framework),
        level=level,
        proposes=level if proposed else "",
        reason=there.claim.reason,
        new_words=here.lacks_words(there.claim),
        evidence=there.evidence,
        new_evidence=sum(here.lacks_evidence([piece.item_id]) for piece in there.evidence),
        at=there.at,
        again=again,
    )


def _title(through: Place | None, *frameworks: Framework) -> str:
    """The title of the node that a link names, in whichever of the two it stands."""
    if through is None:
        return ""
    home = next(each for each in frameworks if (each.code, each.edition) == (through.framework, through.edition))
    return next(str(node.title) for node in home.nodes if node.code == through.code)

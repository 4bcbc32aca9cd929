"""Who answers in parts, and what each part says: sites of an organisation, members of a consortium."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.clauses import MetBy
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework
from app.domain.lifecycle import EDITABLE
from app.domain.parts import MEMBER, SITE, Giver, Givers, SiteKind, givers_of
from app.domain.self_assessment import NO_CLAIM, Claim, Progress
from app.extensions import db
from app.models import AnswerPart, Application, ConsortiumMember, EvidenceItem, Organisation, Site, User
from app.queries.frameworks import framework_of
from app.queries.organisations import own_organisation
from app.queries.self_assessments import own_application

MOST_SITES = 200
MOST_MEMBERS = 100
MOST_OFFERED = 200
NOT_THERE = "There is no such page, or it is not open to you."


def givers_at(session: Session, organisation_id: int, *, sites: bool = True) -> Givers:
    """Who there is to answer in parts at an organisation now, without its `sites` if they do not matter: two statements."""
    members = session.execute(
        select(ConsortiumMember.member_id, Organisation.name, ConsortiumMember.leads)
        .join(Organisation, Organisation.id == ConsortiumMember.member_id)
        .where(ConsortiumMember.consortium_id == organisation_id, ConsortiumMember.left_at.is_(None))
        .order_by(ConsortiumMember.leads.desc(), Organisation.name, Organisation.id)
        .limit(MOST_MEMBERS)
    ).all()
    return Givers(
        sites=_sites_at(session, organisation_id) if sites else (),
        members=tuple(Giver(MEMBER, key, name, leads) for key, name, leads in members),
    )


def _sites_at(session: Session, organisation_id: int) -> tuple[Giver, ...]:
    rows = session.execute(
        select(Site.id, Site.name)
        .where(Site.organisation_id == organisation_id, Site.closed_at.is_(None))
        .order_by(Site.name, Site.id)
        .limit(MOST_SITES)
    ).all()
    return tuple(Giver(SITE, key, name) for key, name in rows)


def written_parts(session: Session, application_id: int, code: str) -> dict[tuple[str, int], AnswerPart]:
    """The stored parts of one answer, by ("site" or "member", id). One statement."""
    rows = session.scalars(
        select(AnswerPart)
        .where(AnswerPart.application_id == application_id, AnswerPart.criterion_code == code)
        .options(joinedload(AnswerPart.site), joinedload(AnswerPart.member))
        .order_by(AnswerPart.id)
    ).all()
    return {key_of(row): row for row in rows}


def key_of(row: AnswerPart) -> tuple[str, int]:
    return (SITE, row.site_id) if row.site_id is not None else (MEMBER, row.member_id or 0)


def claim_of_part(row: AnswerPart | None) -> Claim:
    """What a part says; nothing where there is none."""
    return NO_CLAIM if row is None else Claim(row.point, row.not_applicable, row.reason)


@dataclass(frozen=True)
class PartRow:
    """One part as the page lists it; `mine` says whether the reader may write it."""

    giver: Giver
    claim: Claim
    version: int
    updated_at: datetime | None
    by: str
    mine: bool

    @property
    def progress(self) -> Progress:
        return self.claim.progress


@dataclass(frozen=True)
class PartsPage:
    """The parts of one answer, in the order of their givers, and which of them counts."""

    application_id: int
    organisation_id: int
    code: str
    rule: MetBy
    rows: tuple[PartRow, ...]
    editable: bool

    @property
    def done(self) -> int:
        return sum(row.progress is Progress.DONE for row in self.rows)

    def row(self, kind: str, giver_id: int) -> PartRow:
        """The part of one giver. Raises NotFound."""
        for row in self.rows:
            if row.giver.key == (kind, giver_id):
                return row
        raise NotFound(NOT_THERE)

    def next_after(self, row: PartRow) -> PartRow | None:
        """The next part that the reader may write and that is not finished."""
        later = self.rows[self.rows.index(row) + 1 :]
        return next((each for each in later if each.mine and each.progress is not Progress.DONE), None)


def parts_page(application_id: int, criterion: Criterion, actor: Actor) -> PartsPage | None:
    """The parts of the answer on one asked criterion; None where it is answered once. Raises NotFound, NotAllowed.

    Once the application is handed in, those that were written stand, whoever has joined or left since.
    """
    application = own_application(application_id, actor)
    asked = givers_of(
        framework_of(application.edition), criterion, givers_at(db.session(), application.organisation_id)
    )
    written = written_parts(db.session(), application.id, criterion.code)
    editable = application.status in EDITABLE
    if not editable:
        return _as_handed_in(application, criterion, written) if written else None
    if asked is None:
        return None
    givers, rule = asked
    names = _writers(written.values())
    rows = tuple(_row(giver, written.get(giver.key), names, application, actor) for giver in givers)
    return PartsPage(application.id, application.organisation_id, criterion.code, rule, rows, True)


def _as_handed_in(
    application: Application, criterion: Criterion, written: dict[tuple[str, int], AnswerPart]
) -> PartsPage:
    names = _writers(written.values())
    rows = tuple(
        _row(Giver(kind, key, _giver_name(part)), part, names, application, None)
        for (kind, key), part in written.items()
    )
    return PartsPage(application.id, application.organisation_id, criterion.code, MetBy.EACH, rows, False)


def _giver_name(part: AnswerPart) -> str:
    giver = part.site or part.member
    return giver.name if giver else ""


def _writers(parts: Iterable[AnswerPart]) -> dict[int, str]:
    ids = {part.updated_by_id for part in parts}
    if not ids:
        return {}
    return {key: name for key, name in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}


def _row(
    giver: Giver,
    part: AnswerPart | None,
    names: dict[int, str],
    application: Application,
    actor: Actor | None,
) -> PartRow:
    member_id = giver.giver_id if giver.kind == MEMBER else None
    here = Subject(organisation_id=application.organisation_id, member_id=member_id)
    action = Action.ANSWER_PART if giver.kind == MEMBER else Action.ANSWER
    return PartRow(
        giver=giver,
        claim=claim_of_part(part),
        version=part.version if part else 0,
        updated_at=part.updated_at if part else None,
        by=names.get(part.updated_by_id, "") if part else "",
        mine=actor is not None and may(actor, action, here),
    )


def asked_in_parts(framework: Framework, givers: Givers) -> dict[str, tuple[tuple[Giver, ...], MetBy]]:
    """Criterion's code -> who answers it and whose part counts, for those that are answered in parts."""
    if not givers:
        return {}
    found = {criterion.code: givers_of(framework, criterion, givers) for criterion in framework.criteria}
    return {code: each for code, each in found.items() if each is not None}


@dataclass(frozen=True)
class SiteRow:
    """One site."""

    site_id: int
    name: str
    kind: SiteKind
    about: str
    closed_at: datetime | None
    version: int


@dataclass(frozen=True)
class SitesPage:
    """The sites of an organisation, open ones first."""

    organisation_id: int
    organisation: str
    sites: tuple[SiteRow, ...]
    closed: tuple[SiteRow, ...]
    frameworks: tuple[str, ...]
    may_change: bool

    def site(self, site_id: int) -> SiteRow:
        """The site of that id. Raises NotFound."""
        for row in (*self.sites, *self.closed):
            if row.site_id == site_id:
                return row
        raise NotFound(NOT_THERE)


def sites_page(organisation_id: int, actor: Actor, frameworks: tuple[Framework, ...]) -> SitesPage:
    """The sites of one organisation; `frameworks` are those open for applications. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor)
    rows = db.session.scalars(
        select(Site)
        .where(Site.organisation_id == organisation_id)
        .order_by(Site.closed_at.is_not(None), Site.name, Site.id)
        .limit(MOST_SITES * 2)
    ).all()
    shown = [SiteRow(row.id, row.name, row.kind, row.about, row.closed_at, row.version) for row in rows]
    asking = {f"{each.title} {each.edition}" for each in frameworks if _asks_each_site(each)}
    return SitesPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        sites=tuple(row for row in shown if row.closed_at is None),
        closed=tuple(row for row in shown if row.closed_at is not None),
        frameworks=tuple(sorted(asking)),
        may_change=may(actor, Action.MANAGE_SITES, Subject(organisation_id=organisation_id)),
    )


def _asks_each_site(framework: Framework) -> bool:
    return any(criterion.answered_by.value == "each-site" for criterion in framework.criteria)


def own_library(member_id: int) -> tuple[tuple[int, str], ...]:
    """(id, title) of what a member's own library holds, newest first."""
    rows = db.session.execute(
        select(EvidenceItem.id, EvidenceItem.title)
        .where(EvidenceItem.organisation_id == member_id, EvidenceItem.archived_at.is_(None))
        .order_by(EvidenceItem.id.desc())
        .limit(MOST_OFFERED)
    ).all()
    return tuple((key, title) for key, title in rows)

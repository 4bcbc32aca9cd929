"""Carrying an application over to another one: whether it can be, and what would go over, shown before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, may
from app.domain.applicability import asked
from app.domain.carrying import Carried, Carrying
from app.domain.clauses import MetBy
from app.domain.editions import is_higher
from app.domain.errors import NotFound
from app.domain.framework import Level
from app.domain.lifecycle import ENDED, ApplicationStatus
from app.domain.parts import MEMBER, MEMBERS_ANSWER_NOW, SITES_ANSWER_NOW, Giver, Part, put_together
from app.domain.self_assessment import NO_CLAIM, Claim
from app.extensions import db
from app.models import AnswerPart, Application, AttachedEvidence, EvidenceItem, FrameworkEdition, OwnAnswer
from app.queries.gates import not_eligible
from app.queries.organisations import facts_of
from app.queries.parts import asked_in_parts, claim_of_part, givers_at, key_of
from app.queries.self_assessments import claims_of, own_application
from app.queries.ways import NewerEdition, newest_after, way_between

Key = tuple[str, int]
InParts = Mapping[str, tuple[tuple[Giver, ...], MetBy]]
MOST_EDITIONS = 200
CARRIABLE = ENDED | {ApplicationStatus.DRAFT}
"""The states from which an application can be carried over. While a scheme looks at it, it stays where it is."""


@dataclass(frozen=True)
class Elsewhere:
    """Another application in the chain: the one that this came from, or the one that this was carried over to."""

    application_id: int
    edition: str
    status: ApplicationStatus


@dataclass(frozen=True)
class CarriedRow:
    """One criterion in the preview: `origins` are its codes before, where they are others; `reasons` why to look again."""

    code: str
    heading: str
    origins: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CarryPage:
    """What carrying over would do. Rows are in reading order; `as_is`, `again` and `new` are asked of the provider.

    `not_asked` counts answers that go over though the criterion is not asked of the provider now; `left_behind` are
    criteria that were answered and are no longer in the edition. `refusal` says why it cannot be done, if so.
    """

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    code: str
    from_edition: str
    edition_id: int
    to_edition: str
    from_draft: bool
    levels: tuple[Level, ...]
    target: str | None
    as_is: tuple[CarriedRow, ...]
    again: tuple[CarriedRow, ...]
    new: tuple[CarriedRow, ...]
    left_behind: tuple[CarriedRow, ...]
    not_asked: int
    evidence: int
    put_away: int
    may_carry: bool
    refusal: str
    carried_to: int | None

    @property
    def same_edition(self) -> bool:
        """Nothing has changed since: an application that has ended is begun again."""
        return self.from_edition == self.to_edition


def offered_to(application: Application) -> NewerEdition | None:
    """The edition that an application can be carried over to now; None where there is none or it is being judged."""
    return newest_after(application.edition) if application.status in CARRIABLE else None


def neighbours(application: Application) -> tuple[Elsewhere | None, Elsewhere | None]:
    """(where it came from, where it was carried over to and still goes on). One statement."""
    rows = db.session.execute(
        select(Application.id, FrameworkEdition.edition, Application.status, Application.carried_from_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where((Application.id == application.carried_from_id) | (Application.carried_from_id == application.id))
        .order_by(Application.id)
        .limit(MOST_EDITIONS)
    ).all()
    came = [Elsewhere(row.id, row.edition, row.status) for row in rows if row.id == application.carried_from_id]
    onward = [
        row for row in rows if row.carried_from_id == application.id and row.status != ApplicationStatus.WITHDRAWN
    ]
    went = [Elsewhere(row.id, row.edition, row.status) for row in onward]
    return (came[0] if came else None), (went[-1] if went else None)


def carry_page(application_id: int, edition_id: int, actor: Actor) -> CarryPage:
    """What carrying an application over to an edition would do. Nothing is written. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None or not goes_to(application, edition):
        raise NotFound("There is no such page, or it is not open to you.")
    session = db.session()
    way = way_between(session, application.edition, edition)
    over = goes_over(session, application, way)
    target = application.target if application.target in {level.code for level in way.new.levels} else None
    refusal, carried_to = why_not(session, application)
    asked_now = [
        each.criterion.code for each in asked(way.new, facts_of(application.organisation), target) if each.applies
    ]
    return CarryPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=str(way.new.title),
        code=edition.code,
        from_edition=application.edition.edition,
        edition_id=edition.id,
        to_edition=edition.edition,
        from_draft=application.status is ApplicationStatus.DRAFT,
        levels=way.new.levels,
        target=target,
        **_rows(way, over.answers, asked_now),
        left_behind=tuple(CarriedRow(code, str(way.old.criterion(code).heading), (), ()) for code in over.left_behind),
        not_asked=sum(each.code not in asked_now for each in over.answers),
        evidence=len(over.evidence),
        put_away=over.put_away,
        may_carry=may(actor, Action.START_APPLICATION, Subject(organisation_id=application.organisation_id)),
        refusal=refusal or " ".join(not_eligible(way.new, application.organisation)),
        carried_to=carried_to,
    )


def _rows(way: Carrying, carried: Sequence[Carried], asked_now: Sequence[str]) -> dict[str, tuple[CarriedRow, ...]]:
    """The criteria asked of the provider, by what becomes of their answers."""
    found = {each.code: each for each in carried}
    rows: dict[str, list[CarriedRow]] = {"as_is": [], "again": [], "new": []}
    for code in asked_now:
        each = found.get(code)
        origins = () if each is None or each.origins == (code,) else each.origins
        link = way.by_code[code]
        fresh = () if link.origins else (f"New in edition {way.new.edition}.",)
        row = CarriedRow(code, str(link.criterion.heading), origins, each.review if each else fresh)
        rows["new" if each is None else "again" if each.review else "as_is"].append(row)
    return {name: tuple(each) for name, each in rows.items()}


def goes_to(application: Application, edition: FrameworkEdition) -> bool:
    """Whether the edition is a later one of the application's own framework, or the same once the application has ended.

    So a renewal begins with what was written, whether or not the framework has changed since.
    """
    own = application.edition
    if own.code != edition.code:
        return False
    return is_higher(edition.edition, own.edition) or (own.id == edition.id and application.status in ENDED)


def why_not(session: Session, application: Application) -> tuple[str, int | None]:
    """Why an application cannot be carried over now, and the application that it was carried over to, if it was."""
    if application.status not in CARRIABLE:
        return "The scheme is looking at this application. You can carry it over once it is decided or withdrawn.", None
    open_now = session.execute(
        select(Application.id, Application.carried_from_id, FrameworkEdition.edition)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == application.organisation_id,
            FrameworkEdition.code == application.edition.code,
            Application.status.not_in(ENDED),
            Application.id != application.id,
        )
        .order_by(Application.id.desc())
        .limit(1)
    ).first()
    if open_now is None:
        return "", None
    if open_now.carried_from_id == application.id:
        return f"You have carried it over to edition {open_now.edition} already.", open_now.id
    return (
        f"Your organisation has an open application under edition {open_now.edition}. Finish or withdraw it first.",
        None,
    )


@dataclass(frozen=True)
class GoesOver:
    """What goes over from one application: its answers, its evidence as (criterion's code, item's id, asked code).

    `parts` are what sites or members said each for themselves, by their key; `answers` are put together from these.
    `own` are the criteria that the provider answers although a certificate would.
    `put_away` counts the pieces that do not, because they were put away in the library; `left_behind` are the criteria
    that were answered and are in the later edition no more.
    """

    answers: tuple[Carried, ...]
    evidence: tuple[tuple[str, int, str], ...]
    put_away: int
    left_behind: tuple[str, ...]
    parts: tuple[tuple[Key, Carried], ...] = ()
    own: tuple[str, ...] = ()


def goes_over(session: Session, application: Application, way: Carrying) -> GoesOver:
    """What would go over from an application now. Six statements."""
    claims, _ = claims_of(session, application.id)
    used, put_away = _attachments(session, application.id)
    parts = _parts_over(session, application.id, way)
    in_parts = asked_in_parts(way.new, givers_at(session, application.organisation_id))
    written: dict[str, dict[Key, Claim]] = {}
    for key, each in parts:
        written.setdefault(each.code, {})[key] = each.claim
    return GoesOver(
        answers=tuple(
            _from_parts(_with_put_away(each, put_away), way, in_parts, written.get(each.code, {}))
            for each in way.claims(claims)
        ),
        parts=parts,
        own=_own_over(session, application.id, way),
        evidence=tuple(way.evidence(used)),
        put_away=len(put_away),
        left_behind=way.left_behind(claims),
    )


def _parts_over(session: Session, application_id: int, way: Carrying) -> tuple[tuple[Key, Carried], ...]:
    """What each site or member said, as it goes over, also of those that are closed or have left. One statement."""
    said: dict[Key, dict[str, Claim]] = {}
    rows = session.scalars(
        select(AnswerPart).where(AnswerPart.application_id == application_id).order_by(AnswerPart.id)
    )
    for row in rows:
        said.setdefault(key_of(row), {})[row.criterion_code] = claim_of_part(row)
    return tuple((key, each) for key, claims in said.items() for each in way.claims(claims))


def _own_over(session: Session, application_id: int, way: Carrying) -> tuple[str, ...]:
    """The criteria all of whose origins the provider chose to answer itself. One statement."""
    chosen = set(session.scalars(select(OwnAnswer.criterion_code).where(OwnAnswer.application_id == application_id)))
    return tuple(link.code for link in way.links if link.origins and chosen >= {each.code for each in link.origins})


def _from_parts(carried: Carried, way: Carrying, in_parts: InParts, written: dict[Key, Claim]) -> Carried:
    """The same, put together from the parts that go over where the later edition asks for parts."""
    if carried.code not in in_parts:
        return carried
    givers, rule = in_parts[carried.code]
    if not any(giver.key in written for giver in givers):
        now = MEMBERS_ANSWER_NOW if givers[0].kind == MEMBER else SITES_ANSWER_NOW
        return replace(carried, review=(*carried.review, now))
    parts = [Part(giver, written.get(giver.key, NO_CLAIM)) for giver in givers]
    return replace(carried, claim=put_together(parts, rule, way.by_code[carried.code].criterion))


def _with_put_away(carried: Carried, put_away: Sequence[tuple[str, str]]) -> Carried:
    """The same with a reason more where evidence stood behind it that has been put away since."""
    gone = dict.fromkeys(title for code, title in put_away if code in carried.origins)
    reasons = tuple(f"“{title}” does not stand behind it any more: you have put it away." for title in gone)
    return replace(carried, review=(*carried.review, *reasons))


def _attachments(session: Session, application_id: int) -> tuple[list[tuple[str, int, str]], list[tuple[str, str]]]:
    """What stands behind the criteria of an application. One statement.

    First (criterion's code, item's id, code of the evidence asked for) of all that is in use; then (criterion's code,
    title) of what the provider has put away in its library since, which does not go over.
    """
    rows = session.execute(
        select(
            AttachedEvidence.criterion_code,
            AttachedEvidence.item_id,
            AttachedEvidence.asked_code,
            EvidenceItem.title,
            EvidenceItem.archived_at,
        )
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .where(AttachedEvidence.application_id == application_id)
        .order_by(AttachedEvidence.id)
    ).all()
    used = [(code, item_id, asked_code) for code, item_id, asked_code, _, archived in rows if archived is None]
    return used, [(code, title) for code, _, _, title, archived in rows if archived is not None]

"""What a provider does with an answer of its own that is offered again: take it, turn it down, think again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.crosslinks import Extent
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.framework import Criterion, Framework
from app.domain.parts import givers_of
from app.domain.proposals import Offered, Reply, taken, worth_offering
from app.domain.self_assessment import NO_CLAIM
from app.models import Answer, Application, EvidenceItem, Proposal
from app.queries.crosswalks import links_into
from app.queries.frameworks import framework_of
from app.queries.given_elsewhere import Given, Piece, given_in
from app.queries.parts import givers_at
from app.queries.proposals import Origin
from app.services.answers import (
    asked_criteria,
    asked_criterion,
    claim_of,
    editable_application,
    keep_claim,
)
from app.services.evidence import Behind, put_behind
from app.services.transactions import record, transaction

MOST_AT_ONCE = 200
NOT_LINKED = "There is no such answer to use here. Go back to the criterion and see what is offered there now."
EMPTY = "That answer is empty now, so there is nothing to use."
CHANGED = "That answer was changed while you were reading. Read it again before you use it."


class OfferChanged(Conflict):
    """The answer that was offered is no longer what the page showed. Nothing was taken."""


@dataclass(frozen=True)
class Chosen:
    """One offered answer, and the criterion on which it is offered."""

    code: str
    origin: Origin


@dataclass(frozen=True)
class Taken:
    """What came of taking one: pieces of evidence that came with it, whether words did, and the level proposed, if any."""

    evidence: int
    words: bool
    proposed: str


@dataclass(frozen=True)
class TakenMany:
    """What came of taking several: how many, and the criteria whose offer had changed meanwhile and was left."""

    count: int
    left: tuple[str, ...]


def accept_proposal(application_id: int, chosen: Chosen, *, words: bool, actor: Actor, now: datetime) -> Taken:
    """Use an answer given elsewhere: its evidence, and with `words` its words below those that are there.

    Nothing that somebody wrote is lost. Doing so twice changes nothing. Raises NotFound (also for another
    organisation's answer and for criteria that nobody linked), NotAllowed, Invalid where the words would grow too long,
    OfferChanged where the other answer is no longer what was shown, and Conflict once it can no longer be changed.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        return _take(session, application, asked_criteria(application), chosen, words, actor, now)


def accept_proposals(application_id: int, chosen: Sequence[Chosen], *, actor: Actor, now: datetime) -> TakenMany:
    """Use several at once: evidence everywhere, words only where there are none yet.

    What was changed meanwhile is left and named; everything else is taken. Raises as `accept_proposal`, and Invalid
    where nothing or too much is chosen.
    """
    if not chosen:
        raise Invalid({"offer": "Tick the answers that you want to use."})
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid({"offer": f"Choose at most {MOST_AT_ONCE} at once."})
    left: list[str] = []
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        criteria = asked_criteria(application)
        written = set(
            session.scalars(
                select(Answer.criterion_code).where(Answer.application_id == application.id, Answer.reason != "")
            )
        )
        for each in chosen:
            try:
                _take(session, application, criteria, each, each.code not in written, actor, now)
                written.add(each.code)
            except (OfferChanged, NotAllowed):  # changed, or no longer asked: both show on the page that follows
                left.append(each.code)
    return TakenMany(len(chosen) - len(left), tuple(left))


def _take(
    session: Session,
    application: Application,
    criteria: tuple[Criterion, ...],
    chosen: Chosen,
    words: bool,
    actor: Actor,
    now: datetime,
) -> Taken:
    criterion = asked_criterion(criteria, chosen.code)
    offered, there = _offered(session, application, chosen)
    row = _reply(session, application, chosen)
    if there.version != chosen.origin.version:
        raise OfferChanged(CHANGED)
    if row is not None and _taken_already(row, there, words):
        return Taken(0, False, "")
    answer = session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == chosen.code)
    ).first()
    mine = claim_of(answer) if answer else NO_CLAIM
    # Where sites or members answer each for themselves, the evidence comes, and nobody's words are put over theirs.
    in_parts = givers_of(framework_of(application.edition), criterion, givers_at(session, application.organisation_id))
    claim = mine if in_parts else taken(criterion, mine, offered, words=words)
    version = answer.version if answer else 0
    if claim != mine:
        version = keep_claim(session, application, chosen.code, answer, claim, version, actor, now).version
    for piece in there.evidence:
        _attach(session, application, criterion, offered, piece, actor, now)
    row = row or _new_reply(session, application, chosen)
    row.reply, row.extent = Reply.ACCEPTED, offered.extent
    row.words = row.words or (words and bool(offered.claim.reason.strip()))
    row.source_version, row.evidence, row.answer_version = there.version, len(there.evidence), version
    proposed = criterion.scale.label_of(claim.point) if claim.point is not None and claim.point != mine.point else ""
    _note(session, "proposal.accepted", application, row, actor, now, words=row.words, proposed=proposed)
    return Taken(len(there.evidence), claim.reason != mine.reason, proposed)


def _taken_already(row: Proposal, there: Given, words: bool) -> bool:
    """The same button pressed twice. The words may still be taken where the evidence alone was."""
    same = row.reply is Reply.ACCEPTED and row.source_version == there.version
    return same and row.evidence == len(there.evidence) and (row.words or not words or not there.claim.reason.strip())


def _offered(session: Session, application: Application, chosen: Chosen) -> tuple[Offered, Given]:
    """The answer that is meant, as it stands now. Raises NotFound, OfferChanged."""
    source = session.get(Application, chosen.origin.application_id)
    if source is None or source.id == application.id or source.organisation_id != application.organisation_id:
        raise NotFound(NOT_LINKED)
    there, code = framework_of(source.edition), chosen.origin.code
    extent = _extent(framework_of(application.edition), chosen.code, there, code)
    given = given_in(session, [source.id], [code]).get((source.id, code))
    if extent is None:
        raise NotFound(NOT_LINKED)
    if given is None or not worth_offering(given.claim, len(given.evidence)):
        raise OfferChanged(EMPTY)
    return Offered(there.criterion(code), given.claim, extent), given


def _extent(here: Framework, code: str, there: Framework, other: str) -> Extent | None:
    """How far the other criterion answers this one, None where nobody says that it does."""
    found = {link.source.code: link.extent for link in links_into(here, code, there)}
    return found.get(other)


def _attach(
    session: Session,
    application: Application,
    criterion: Criterion,
    offered: Offered,
    piece: Piece,
    actor: Actor,
    now: datetime,
) -> None:
    """Stand the same piece of the library behind the criterion.

    What it shows is kept only where this criterion asks for the very same: a code alone may mean other evidence here.
    """
    asked = next((ask for ask in offered.criterion.evidence if ask.code == piece.asked_code), None)
    same = any(ask.code == piece.asked_code and asked and ask.title == asked.title for ask in criterion.evidence)
    behind = Behind(application.id, criterion.code, piece.asked_code if same else "")
    put_behind(session, application, session.get_one(EvidenceItem, piece.item_id), behind, actor, now)


def decline_proposal(application_id: int, chosen: Chosen, *, actor: Actor, now: datetime) -> None:
    """Turn an offered answer down: it is not offered here again. Doing so twice changes nothing.

    Raises NotFound, NotAllowed, OfferChanged, and Conflict where it was taken meanwhile or the application can no longer
    be changed.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        asked_criterion(asked_criteria(application), chosen.code)
        offered, there = _offered(session, application, chosen)
        row = _reply(session, application, chosen)
        if row is not None:
            if row.reply is Reply.DECLINED:
                return
            raise Conflict("A colleague has used this answer meanwhile. Remove what you do not want from yours.")
        row = _new_reply(session, application, chosen)
        row.reply, row.extent, row.source_version = Reply.DECLINED, offered.extent, there.version
        _note(session, "proposal.declined", application, row, actor, now)


def undo_decline(application_id: int, chosen: Chosen, *, actor: Actor, now: datetime) -> None:
    """Offer an answer again that was turned down. Doing so twice changes nothing. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        row = _reply(session, application, chosen)
        if row is None or row.reply is not Reply.DECLINED:
            return
        _note(session, "proposal.reopened", application, row, actor, now)
        session.flush()
        session.delete(row)


def _reply(session: Session, application: Application, chosen: Chosen) -> Proposal | None:
    return session.scalars(
        select(Proposal).where(
            Proposal.application_id == application.id,
            Proposal.criterion_code == chosen.code,
            Proposal.source_application_id == chosen.origin.application_id,
            Proposal.source_code == chosen.origin.code,
        )
    ).first()


def _new_reply(session: Session, application: Application, chosen: Chosen) -> Proposal:
    row = Proposal(
        application_id=application.id,
        criterion_code=chosen.code,
        source_application_id=chosen.origin.application_id,
        source_code=chosen.origin.code,
        words=False,
        evidence=0,
        answer_version=0,
    )
    session.add(row)
    return row


def _note(
    session: Session,
    action: str,
    application: Application,
    row: Proposal,
    actor: Actor,
    now: datetime,
    **detail: object,
) -> None:
    row.replied_at, row.replied_by_id = now, actor.user_id or 0
    record(
        session,
        actor,
        action,
        row,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        criterion=row.criterion_code,
        source_application=row.source_application_id,
        source_criterion=row.source_code,
        source_version=row.source_version,
        extent=row.extent.value,
        **detail,
    )

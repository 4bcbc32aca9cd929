"""What the record holds of a panel's work on one case, as its minutes say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.certificates.minutes import MinutesFacts
from app.domain.access import Action, Actor, may
from app.domain.deciding import Verdict
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.uk_time import UK, spoken, uk_day
from app.domain.wording import counted
from app.extensions import db
from app.models import AuditRow, AwardCondition, Decision, Panel, PanelMeeting, PanelSeat, User
from app.queries.frameworks import framework_of, scheme_details
from app.queries.outcomes import counted_of, handed_in
from app.queries.panels import PanelCase, panel_case, readable_panel
from app.queries.subjects import subject_of
from app.queries.votes import decided_words, outcome_words, subject_of_panel

COURSE = ("panel.vote-closed", "panel.vote-reopened")
NAMED = "named"


@dataclass(frozen=True)
class MinutesPage:
    """The minutes as they stand, for those who sit. `may_sign` is the chair's, once the decision is recorded."""

    case: PanelCase
    facts: MinutesFacts
    decision_id: int | None
    may_sign: bool
    signed: bool


def minutes_page(panel_id: int, actor: Actor, today: date) -> MinutesPage:
    """Raises NotFound, and NotAllowed to whoever has not declared or has stood aside."""
    panel, seat = readable_panel(panel_id, actor)
    decision = panel.decision
    chairs = may(actor, Action.DECIDE, subject_of_panel(db.session(), panel))
    return MinutesPage(
        case=panel_case(panel, seat),
        facts=minutes_facts(db.session(), panel, today),
        decision_id=decision.id if decision else None,
        may_sign=chairs and decision is not None and decision.signed_at is None,
        signed=decision is not None and decision.signed_at is not None,
    )


def meeting_minutes(meeting_id: int, actor: Actor, today: date) -> tuple[PanelMeeting, list[MinutesFacts]]:
    """The minutes of the cases of a meeting that are open to the actor, in the order of the agenda; at most 30.

    Raises NotFound where none is.
    """
    meeting = db.session.get(PanelMeeting, meeting_id)
    panels = [panel for panel in meeting.panels if panel.decision and _open_to(panel, actor, today)] if meeting else []
    if meeting is None or not panels:
        raise NotFound("This meeting has no minutes that are open to you.")
    return meeting, [minutes_facts(db.session(), panel, today) for panel in panels]


def _open_to(panel: Panel, actor: Actor, today: date) -> bool:
    if may(actor, Action.SEE_PANEL_CASE, subject_of_panel(db.session(), panel)):
        return True
    return may(actor, Action.SEE_CASE, subject_of(db.session(), panel.application, today))


def minutes_facts(session: Session, panel: Panel, today: date) -> MinutesFacts:
    """The minutes of a panel's case, from the record. A fixed number of statements."""
    application, decision = panel.application, panel.decision
    framework, scheme = framework_of(application.edition), scheme_details(application.edition.scheme)
    meeting = session.get(PanelMeeting, panel.meeting_id) if panel.meeting_id else None
    counts = counted_of(session, application, handed_in(session, application.id), today)
    explained = counts.outcome.explained if counts else None
    named = (scheme.details.get("minutes") or {}).get("votes") == NAMED
    bare = MinutesFacts(
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        awarding_body=scheme.awarding_body,
        colour=scheme.brand["colour"],
        when=_when(panel, meeting),
        where=(meeting.place or meeting.link) if meeting else "",
        chair=_chair(session, panel),
        present=[_called(seat) for seat in panel.seats if _was_there(seat)],
        absent=[_called(seat) for seat in panel.seats if not seat.conflicted and not _was_there(seat)],
        aside=_aside(panel, meeting),
        declared=[seat.user.name for seat in panel.seats if seat.declared_at and not seat.conflicted],
        quorum=_quorum(panel, framework),
        computed=explained.headline if explained else "No assessment was handed in.",
        because=[words for level in explained.levels for words in level.sentences[:6]] if explained else [],
        counted=counts.said if counts else "",
        discussion=panel.discussion,
        votes=[],
        named=_named(panel, framework) if named and decision else [],
        course=_course(session, panel),
        dissents=[],
        decision="Nothing has been decided yet.",
        reasons="",
        departure="",
        conditions=[],
        recorded="",
    )
    return _decided(session, bare, panel, decision, framework) if decision else bare


def _decided(
    session: Session, bare: MinutesFacts, panel: Panel, decision: Decision, framework: Framework
) -> MinutesFacts:
    conditions = session.scalars(
        select(AwardCondition).where(AwardCondition.decision_id == decision.id).order_by(AwardCondition.number)
    ).all()
    by = session.get(User, decision.decided_by_id)
    signer = session.get(User, decision.signed_by_id) if decision.signed_by_id else None
    return replace(
        bare,
        votes=[(words, int(number)) for words, number in decision.tally.items()],
        dissents=_dissents(panel, decision),
        decision=decided_words(framework, decision),
        reasons=decision.reasons,
        departure=decision.departure,
        conditions=_conditions(decision, conditions),
        recorded=f"Recorded by {by.name if by else 'the chair'} on {_moment(decision.decided_at)}.",
        signed=signed_words(signer.name, decision.signed_at) if signer and decision.signed_at else "",
    )


def signed_words(name: str, at: datetime) -> str:
    """How minutes say that they are signed."""
    return f"Signed by {name}, chair, on {_moment(at)}"


def _moment(at: datetime) -> str:
    return f"{spoken(uk_day(at))} at {at.astimezone(UK):%H:%M}"


def _when(panel: Panel, meeting: PanelMeeting | None) -> str:
    if meeting is not None:
        return _moment(meeting.starts_at)
    return spoken(panel.meets_on) if panel.meets_on else spoken(uk_day(panel.called_at))


def _chair(session: Session, panel: Panel) -> str:
    chair = session.get(User, panel.chair_id)
    return chair.name if chair else ""


def _called(seat: PanelSeat) -> str:
    return f"{seat.user.name} (lay)" if seat.lay else seat.user.name


def _was_there(seat: PanelSeat) -> bool:
    """As the chair recorded it; where nothing was recorded, whoever voted was there."""
    if seat.conflicted:
        return False
    return seat.present if seat.present is not None else bool(seat.vote)


def _aside(panel: Panel, meeting: PanelMeeting | None) -> list[tuple[str, str]]:
    """Who left, and why: an interest that they declared, or something that barred them before."""
    seated = {seat.user_id for seat in panel.seats}
    found = [
        (seat.user.name, f"declared an interest. {seat.declaration}".strip()) for seat in panel.seats if seat.conflicted
    ]
    members = meeting.members if meeting else []
    return found + [(each.user.name, "could not sit on it") for each in members if each.user_id not in seated]


def _quorum(panel: Panel, framework: Framework) -> str:
    there = [seat for seat in panel.seats if _was_there(seat)]
    terms, lay = framework.panel, sum(seat.lay for seat in there)
    met = len(there) >= terms.quorum and lay >= terms.lay_members
    needs = counted(terms.quorum, "member") + (f", {terms.lay_members} of them lay" if terms.lay_members else "")
    return f"The quorum is {needs}. It was {'' if met else 'not '}met: {counted(len(there), 'member')}, {lay} lay."


def _named(panel: Panel, framework: Framework) -> list[tuple[str, str]]:
    return [
        (seat.user.name, outcome_words(framework, seat.vote, seat.vote_level))
        for seat in panel.seats
        if seat.vote and _was_there(seat)
    ]


def _course(session: Session, panel: Panel) -> list[str]:
    """When the vote was closed, and opened again with which reason, as the trail tells it."""
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.subject == Panel.__tablename__, AuditRow.subject_id == panel.id, AuditRow.action.in_(COURSE))
        .order_by(AuditRow.id)
        .limit(50)
    )
    return [
        f"The vote was closed on {_moment(each.at)}."
        if each.action == COURSE[0]
        else f"It was opened again on {_moment(each.at)}: {each.detail.get('reason', '')}"
        for each in rows
    ]


def _dissents(panel: Panel, decision: Decision) -> list[tuple[str, str]]:
    """The reasons of those who voted otherwise and asked for it. Who abstained did not dissent."""
    carried = (decision.outcome, decision.level)
    return [
        (seat.user.name, seat.vote_reason)
        for seat in panel.seats
        if seat.minuted
        and _was_there(seat)
        and (seat.vote, seat.vote_level) != carried
        and seat.vote != Verdict.ABSTAIN
    ]


def _conditions(decision: Decision, found: Sequence[AwardCondition]) -> list[tuple[str, str]]:
    if found:
        return [(each.text, spoken(each.due_on)) for each in found]
    if decision.conditions and decision.conditions_due_on:
        return [(decision.conditions, spoken(decision.conditions_due_on))]
    return []

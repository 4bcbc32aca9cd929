"""What a member votes from, and what the chair records the decision from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.access import Action, Actor, require
from app.domain.deciding import Ballot, Count, Verdict, departs, open_to
from app.domain.terms import ChairVotes
from app.extensions import db
from app.models import Panel, PanelSeat
from app.queries.frameworks import framework_of
from app.queries.gates import levels_barred
from app.queries.outcomes import case_outcome, level_title, levels_open
from app.queries.panels import PanelCase, panel_case, readable_panel, votes_shown
from app.queries.votes import (
    SeatRow,
    count_votes,
    missing_presence,
    outcome_words,
    seat_row,
    subject_of_panel,
    tally_words,
)


@dataclass(frozen=True)
class VotePage:
    """The form of one's vote. `outcomes` are those that the panel can reach; `levels` are (code, title).

    `barred` are (title, why) of levels that nobody may grant to this provider now; they are not among `levels`.
    """

    case: PanelCase
    outcomes: tuple[Verdict, ...]
    levels: tuple[tuple[str, str], ...]
    barred: tuple[tuple[str, str], ...]
    chair_votes: ChairVotes
    computed: str
    vote: str
    level: str | None
    reason: str
    minuted: bool


@dataclass(frozen=True)
class DecisionPage:
    """What the chair records from. `carried` is None while the votes give nothing; `departs` asks for a rationale.

    `against` says why what the votes carried cannot be done today: it may have been open when they were cast. `shown` tells
    whether the chair may see the votes: not before voting or closing the vote. `presence_missing` are the members of a
    meeting of whom nobody recorded whether they are there.
    """

    case: PanelCase
    count: Count
    tally: tuple[tuple[str, int], ...]
    waiting: tuple[str, ...]
    carried: Ballot | None
    carried_words: str
    computed: str
    computed_level: str | None
    departs: bool
    seats: tuple[SeatRow, ...]
    against: tuple[str, ...]
    shown: bool
    presence_missing: tuple[str, ...]


@dataclass(frozen=True)
class MemberThere:
    """One member who may sit on the case, in words: "Lay Lee (lay, chair)"."""

    user_id: int
    words: str


@dataclass(frozen=True)
class PresencePage:
    """Who can be there for a case, and who is recorded as there. `aside` are those who have stood aside from it."""

    case: PanelCase
    members: tuple[MemberThere, ...]
    present: tuple[int, ...]
    aside: tuple[str, ...]


def presence_page(panel_id: int, actor: Actor) -> PresencePage:
    """Who is there for a case. Where nothing is recorded yet, all are offered as there. Raises NotFound, NotAllowed."""
    panel, seat = readable_panel(panel_id, actor)
    require(actor, Action.DECIDE, subject_of_panel(db.session(), panel))
    sitting = [each for each in panel.seats if not each.conflicted]
    return PresencePage(
        case=panel_case(panel, seat),
        members=tuple(MemberThere(each.user_id, _called(panel, each)) for each in sitting),
        present=tuple(each.user_id for each in sitting if each.present is not False),
        aside=tuple(each.user.name for each in panel.seats if each.conflicted),
    )


def _called(panel: Panel, seat: PanelSeat) -> str:
    parts = [word for word, holds in (("lay", seat.lay), ("chair", seat.user_id == panel.chair_id)) if holds]
    return f"{seat.user.name} ({', '.join(parts)})" if parts else seat.user.name


def vote_page(panel_id: int, actor: Actor, today: date) -> VotePage:
    """One's vote as it stands. Raises NotFound, NotAllowed."""
    panel, seat = readable_panel(panel_id, actor)
    framework = framework_of(panel.application.edition)
    outcome = case_outcome(db.session(), panel.application, today)
    levels = [(level.code, str(level.title)) for level in levels_open(framework, panel.application.target)]
    barred = levels_barred(db.session(), panel.application, today)
    return VotePage(
        case=panel_case(panel, seat),
        outcomes=open_to(framework.panel),
        levels=tuple((code, title) for code, title in levels if code not in barred),
        barred=tuple((title, " ".join(barred[code])) for code, title in levels if code in barred),
        chair_votes=framework.panel.chair_votes,
        computed=outcome.headline if outcome else "",
        vote=seat.vote,
        level=seat.vote_level,
        reason=seat.vote_reason,
        minuted=seat.minuted,
    )


def decision_page(panel_id: int, actor: Actor, today: date) -> DecisionPage:
    """What the chair records the decision from. Raises NotFound, NotAllowed to everybody but the chair."""
    panel, seat = readable_panel(panel_id, actor)
    require(actor, Action.DECIDE, subject_of_panel(db.session(), panel))
    framework = framework_of(panel.application.edition)
    votes = count_votes(db.session(), panel, framework, today)
    outcome = case_outcome(db.session(), panel.application, today)
    computed = outcome.level if outcome else None
    carried, shown = votes.carried, votes_shown(panel, seat)
    return DecisionPage(
        case=panel_case(panel, seat),
        count=votes,
        tally=tally_words(framework, votes),
        waiting=tuple(
            each.user.name
            for each in panel.seats
            if not each.vote and not each.conflicted and each.present is not False
        ),
        carried=carried,
        carried_words=outcome_words(framework, carried.verdict, carried.level) if carried else "",
        computed=level_title(framework, computed) or "no award",
        computed_level=computed,
        departs=carried is not None and departs(carried, computed),
        seats=tuple(seat_row(framework, panel, each, shown) for each in panel.seats),
        against=levels_barred(db.session(), panel.application, today).get(carried.level or "", ()) if carried else (),
        shown=shown,
        presence_missing=missing_presence(panel),
    )

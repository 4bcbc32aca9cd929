"""What can be done with an award, each behind a page that says what follows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, IllegalMove, Invalid, NotFound
from app.domain.lifecycle import AwardMove
from app.edge.session import allow, me, now, today
from app.queries.awards import AwardRow, award_of_case
from app.queries.cases import case_head
from app.services import awards
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.forms import AwardForm, SuspensionForm

MOVE_LAST_DAY = "move-last-day"


@dataclass(frozen=True)
class Step:
    """The words of one change. `kind` holds the register's usual sentence; `danger` colours the button."""

    title: str
    follows: str
    button: str
    done: str
    kind: awards.Kind
    reason: str = "Reason"
    danger: bool = False
    dated: bool = False  # asks for the last day of a suspension


STEPS = {
    "accept-conditions": Step(
        "Accept that the conditions are met",
        "The award then stands without conditions. The provider is told and the register shows it.",
        "Accept the conditions as met",
        "The conditions are accepted as met.",
        awards.CONDITIONS_MET,
    ),
    "suspend": Step(
        "Suspend the award",
        "From today the award is temporarily not valid. The register, the certificate's page and the mark say so at "
        "once, and the provider is told. You and the provider are reminded before the last day.",
        "Suspend the award",
        "The award is suspended.",
        awards.SUSPENDED,
        danger=True,
        dated=True,
    ),
    MOVE_LAST_DAY: Step(
        "Change the last day of the suspension",
        "The award stays suspended. The provider is told of the new last day.",
        "Change the last day",
        "The last day of the suspension is changed.",
        awards.SUSPENDED,
        dated=True,
    ),
    "reinstate": Step(
        "Reinstate the award",
        "The award is valid again from today, until the day it was first granted for. Conditions that were open are "
        "open again. The provider is told and the register shows it.",
        "Reinstate the award",
        "The award is reinstated.",
        awards.REINSTATED,
        reason="What was seen",
    ),
    "withdraw": Step(
        "Withdraw the award",
        "The award ends today and cannot be brought back: the provider would have to apply again. The register shows "
        "that it was withdrawn, and the provider is told.",
        "Withdraw the award",
        "The award is withdrawn.",
        awards.WITHDRAWN,
        danger=True,
    ),
    "surrender": Step(
        "Record that the provider gives the award up",
        "Do this only when the provider has asked for it. The award ends today and cannot be brought back.",
        "End the award",
        "The award has ended: the provider gave it up.",
        awards.SURRENDERED,
        danger=True,
    ),
}
USE_CASES = {
    "accept-conditions": awards.accept_conditions,
    "suspend": awards.suspend,
    MOVE_LAST_DAY: awards.move_last_day,
    "reinstate": awards.reinstate,
    "withdraw": awards.withdraw,
    "surrender": awards.surrender,
}
REINSTATED = (AwardMove.REINSTATE, AwardMove.REINSTATE_WITH_CONDITIONS, AwardMove.REINSTATE_AS_PROVISIONAL)
PAGES = {
    "accept-conditions": (AwardMove.MEET_CONDITIONS,),
    "suspend": (AwardMove.SUSPEND,),
    "reinstate": REINSTATED,
    MOVE_LAST_DAY: REINSTATED,
    "withdraw": (AwardMove.WITHDRAW,),
    "surrender": (AwardMove.SURRENDER,),
}
"""Each page with the moves of which any makes it possible, in the order in which they are offered."""


@bp.app_template_global()
def award_steps(moves: tuple[AwardMove, ...]) -> list[tuple[str, str]]:
    """The pages that lead to these moves, as (name in the address, title)."""
    return [(name, STEPS[name].title) for name, leads in PAGES.items() if set(leads) & set(moves)]


@bp.route("/schemes/<code>/cases/<int:application_id>/award/<step>", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def change_award(code: str, application_id: int, step: str) -> ResponseReturnValue:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    words = STEPS[step]
    head = case_head(code, application_id, me(), today())
    award = award_of_case(code, application_id, me(), today())
    form = _form(words, award)
    refused: DomainError | None = None
    if form.validate_on_submit():
        try:
            USE_CASES[step](award.award_id, form.change(), actor=me(), now=now(), today=today())
        except (Invalid, Conflict, IllegalMove) as error:
            refused = error
            show_on(form, error)
            award = award_of_case(code, application_id, me(), today())
            form.seen.data = award.seen
        else:
            flash(words.done)
            return redirect(url_for(".case", code=code, application_id=application_id))
    possible = bool(set(PAGES[step]) & set(award.moves))
    page = render_template("scheme/change_award.html", head=head, award=award, step=words, form=form, possible=possible)
    if isinstance(refused, (Conflict, IllegalMove)):
        return page, 409
    return page, 422 if form.errors else 200


def _form(step: Step, award: AwardRow) -> AwardForm:
    if step.dated:
        until = award.suspended_until or award.longest_suspension
        return SuspensionForm(data={"public": step.kind.public, "seen": award.seen, "until": until})
    return AwardForm(data={"public": step.kind.public, "seen": award.seen})

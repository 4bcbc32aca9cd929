"""What can be done with an award, each behind a page that says what follows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.domain.lifecycle import AwardMove
from app.edge.session import allow, me, now, today
from app.queries.awards import award_of_case
from app.queries.cases import case_head
from app.services import awards
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.forms import AwardForm


@dataclass(frozen=True)
class Step:
    """The words of one change. `kind` holds the register's usual sentence; `danger` colours the button."""

    title: str
    follows: str
    button: str
    done: str
    kind: awards.Kind
    danger: bool = False


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
        "once, and the provider is told. You can reinstate it later.",
        "Suspend the award",
        "The award is suspended.",
        awards.SUSPENDED,
        danger=True,
    ),
    "reinstate": Step(
        "Reinstate the award",
        "The award is valid again from today, until the day it was first granted for. Conditions that were open are "
        "open again. The provider is told and the register shows it.",
        "Reinstate the award",
        "The award is reinstated.",
        awards.REINSTATED,
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
    "reinstate": awards.reinstate,
    "withdraw": awards.withdraw,
    "surrender": awards.surrender,
}
MOVE_PAGES = {
    AwardMove.MEET_CONDITIONS: "accept-conditions",
    AwardMove.SUSPEND: "suspend",
    AwardMove.REINSTATE: "reinstate",
    AwardMove.REINSTATE_WITH_CONDITIONS: "reinstate",
    AwardMove.WITHDRAW: "withdraw",
    AwardMove.SURRENDER: "surrender",
}


@bp.app_template_global()
def award_steps(moves: tuple[AwardMove, ...]) -> list[tuple[str, str]]:
    """The pages that lead to these moves, as (name in the address, title)."""
    names = dict.fromkeys(MOVE_PAGES[move] for move in moves)
    return [(name, STEPS[name].title) for name in names]


@bp.route("/schemes/<code>/cases/<int:application_id>/award/<step>", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def change_award(code: str, application_id: int, step: str) -> ResponseReturnValue:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    words = STEPS[step]
    head = case_head(code, application_id, me(), today())
    award = award_of_case(code, application_id, me(), today())
    form = AwardForm(data={"public": words.kind.public})
    if form.validate_on_submit():
        try:
            USE_CASES[step](award.award_id, form.change(), actor=me(), now=now(), today=today())
        except Invalid as error:
            show_on(form, error)
        else:
            flash(words.done)
            return redirect(url_for(".case", code=code, application_id=application_id))
    possible = step in {MOVE_PAGES[move] for move in award.moves}
    page = render_template("scheme/change_award.html", head=head, award=award, step=words, form=form, possible=possible)
    return page, 422 if form.errors else 200

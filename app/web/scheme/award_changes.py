"""Changes of an award that bring a new certificate, each behind a page that says what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, IllegalMove, Invalid
from app.domain.lifecycle import AwardMove
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.award_choices import AwardChoices, award_choices
from app.queries.awards import AwardRow, award_of_case
from app.queries.cases import case_head
from app.services import award_changes
from app.services.issuing import Issue, Press
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.award_forms import LevelForm, ReissueForm, ScopeForm


@dataclass(frozen=True)
class Certified:
    """The words of one change. `moves` make it possible; the certificate alone is issued again where any is open."""

    name: str
    title: str
    follows: str
    button: str
    done: str
    moves: tuple[AwardMove, ...]
    use_case: Callable[..., None]
    danger: bool = False


CONFIRM = Certified(
    "confirm",
    "Confirm the award",
    "The award is no longer provisional and lasts as long as any other, counted from its first day. The provider gets a "
    "new certificate.",
    "Confirm the award",
    "The award is confirmed.",
    (AwardMove.CONFIRM,),
    award_changes.confirm,
)
SCOPE = Certified(
    "scope",
    "Change what the award covers",
    "The provider gets a new certificate, dated today, and the register shows the new scope. The old certificate stays on "
    "file. Nothing may be added that was not assessed.",
    "Change what it covers",
    "What the award covers is changed.",
    (AwardMove.CHANGE_SCOPE,),
    award_changes.change_scope,
)
REDUCE = Certified(
    "reduce",
    "Reduce the level",
    "From today the award stands at the lower level, until the day it was first granted for. The provider gets a new "
    "certificate and may appeal.",
    "Reduce the level",
    "The level is reduced.",
    (AwardMove.REDUCE,),
    award_changes.reduce_level,
    danger=True,
)
REISSUE = Certified(
    "reissue",
    "Issue the certificate again",
    "The new certificate bears the name that the provider has in its profile now. Everything else stays as it is.",
    "Issue the certificate again",
    "The certificate is issued again.",
    (AwardMove.SUSPEND,),
    award_changes.reissue,
)
PAGES = (CONFIRM, SCOPE, REDUCE, REISSUE)


@bp.app_template_global()
def certified_steps(moves: tuple[AwardMove, ...]) -> list[tuple[str, str]]:
    """The pages with a new certificate that these moves make possible, as (endpoint, title)."""
    return [(f"scheme.{each.name}_award", each.title) for each in PAGES if set(each.moves) & set(moves)]


@bp.route("/schemes/<code>/cases/<int:application_id>/award/confirm", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def confirm_award(code: str, application_id: int) -> ResponseReturnValue:
    return _change(CONFIRM, code, application_id, lambda award, choices: ReissueForm(data={"seen": award.seen}))


@bp.route("/schemes/<code>/cases/<int:application_id>/award/scope", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def scope_award(code: str, application_id: int) -> ResponseReturnValue:
    return _change(SCOPE, code, application_id, _scope_form)


@bp.route("/schemes/<code>/cases/<int:application_id>/award/reduce", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def reduce_award(code: str, application_id: int) -> ResponseReturnValue:
    return _change(REDUCE, code, application_id, _level_form)


@bp.route("/schemes/<code>/cases/<int:application_id>/award/reissue", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def reissue_award(code: str, application_id: int) -> ResponseReturnValue:
    return _change(REISSUE, code, application_id, lambda award, choices: ReissueForm(data={"seen": award.seen}))


def _scope_form(award: AwardRow, choices: AwardChoices) -> ScopeForm:
    covered = choices.scope.covered
    data = {"seen": award.seen, "services": list(covered.services), "sites": list(covered.sites)}
    form = ScopeForm(data=data)
    form.services.choices = list(choices.scope.services)
    form.sites.choices = list(choices.scope.sites)
    return form


def _level_form(award: AwardRow, choices: AwardChoices) -> LevelForm:
    form = LevelForm(data={"seen": award.seen})
    form.level.choices = list(choices.lower)
    return form


def _change(
    step: Certified, code: str, application_id: int, made: Callable[[AwardRow, AwardChoices], Any]
) -> ResponseReturnValue:
    """The page of one change, and the change once its form is sent."""
    head = case_head(code, application_id, me(), today())
    award = award_of_case(code, application_id, me(), today())
    form = made(award, award_choices(award.award_id))
    refused: DomainError | None = None
    if form.validate_on_submit():
        try:
            step.use_case(award.award_id, form.change(), _press(), actor=me(), now=now(), today=today())
        except (Invalid, Conflict, IllegalMove) as error:
            refused = error
            show_on(form, error)
            award = award_of_case(code, application_id, me(), today())
            form.seen.data = award.seen
        else:
            flash(step.done)
            return redirect(url_for(".award", code=code, award_id=award.award_id))
    possible = bool(set(step.moves) & set(award.moves))
    page = render_template("scheme/certify_award.html", head=head, award=award, step=step, form=form, possible=possible)
    if isinstance(refused, (Conflict, IllegalMove)):
        return page, 409
    return page, 422 if form.errors else 200


def _press() -> Press:
    issue = Issue(current_app.config["BASE_URL"], Path(current_app.config["FONT_DIR"]))
    return Press(issue, storage())

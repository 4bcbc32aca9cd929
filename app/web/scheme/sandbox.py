"""A draft as it will be used: what providers will be asked, and what scores will give."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, RadioField, TextAreaField

from app.domain.access import Action
from app.domain.framework import Criterion, FactKind
from app.domain.self_assessment import may_leave_out
from app.edge.session import allow, me, today
from app.queries.drafts import DraftPage, draft_page
from app.queries.preview import draft_framework, preview_criterion, preview_page
from app.web import sandbox, trial
from app.web.fields import choices
from app.web.scheme import bp


class Answer(Form):
    """The fields of an answer as providers see them, here to look at."""

    point = RadioField("How far is this in place?")
    reason = TextAreaField("Why you say so")


@bp.app_context_processor
def _tabs() -> dict[str, Any]:
    return {"draft_tabs": draft_tabs}


def draft_tabs(draft_id: int, *, compared: bool, editable: bool) -> list[tuple[str, str, str]]:
    """What can be looked at of a draft: (name, words, address). `compared`: there is an edition to compare it with."""
    views = [
        ("edit", "Edit" if editable else "Text", "scheme.draft", True),
        ("preview", "Preview", "scheme.preview_draft", True),
        ("try", "Try scores", "scheme.try_draft", True),
        ("compare", "Compare", "scheme.compare_draft", compared),
        ("affected", "Who is affected", "scheme.dry_run_draft", compared),
        ("publish", "Publish", "scheme.publish_draft", editable),
    ]
    return [(name, words, url_for(view, draft_id=draft_id)) for name, words, view, shown in views if shown]


@bp.route("/frameworks/drafts/<int:draft_id>/sandbox", methods=["GET", "POST"])
@allow(Action.FRAMEWORKS_SEE)
def try_draft(draft_id: int) -> ResponseReturnValue:
    """Scores tried on a draft."""
    draft = draft_page(draft_id, me(), today())
    framework = draft_framework(draft)
    if framework is None:
        return _not_yet(draft, "try")
    named = {"draft_id": draft_id}
    return sandbox.answer(framework, sandbox.Place("scheme/sandbox.html", ".try_draft", named, {"draft": draft}))


@bp.get("/frameworks/drafts/<int:draft_id>/preview")
@allow(Action.FRAMEWORKS_SEE)
def preview_draft(draft_id: int) -> ResponseReturnValue:
    """What an organisation like the one that is described would be asked."""
    draft = draft_page(draft_id, me(), today())
    framework = draft_framework(draft)
    if framework is None:
        return _not_yet(draft, "preview")
    typed = trial.read_trial(framework, request.args)
    page = preview_page(framework, typed.trial.facts, typed.trial.target, typed.part)
    shown = {"page": page, "draft": draft, "typed": typed, "trial": trial, "kinds": FactKind}
    return render_template("scheme/preview.html", **shown), 422 if typed.errors else 200


@bp.get("/frameworks/drafts/<int:draft_id>/preview/<criterion>")
@allow(Action.FRAMEWORKS_SEE)
def preview_draft_criterion(draft_id: int, criterion: str) -> ResponseReturnValue:
    """The page on which a provider will answer one criterion."""
    draft = draft_page(draft_id, me(), today())
    framework = draft_framework(draft)
    if framework is None:
        return _not_yet(draft, "preview")
    typed = trial.read_trial(framework, request.args)
    page = preview_criterion(framework, criterion, typed.trial.facts, typed.trial.target)
    answer = _answer(page.criterion)
    return render_template("scheme/preview_criterion.html", page=page, draft=draft, typed=typed, answer=answer)


def _answer(criterion: Criterion) -> Answer:
    """What can be chosen, in the words that a provider will see."""
    scale = criterion.scale
    labels = {str(value): scale.label_of(value) for value in scale.values}
    if may_leave_out(criterion):
        labels["na"] = trial.STATE_WORDS["na"]
    answer = Answer(prefix="preview-")
    answer.point.choices = choices(labels.items())
    return answer


def _not_yet(draft: DraftPage, here: str) -> str:
    return render_template("scheme/not_yet.html", draft=draft, here=here)

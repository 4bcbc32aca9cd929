"""The page on which scores are tried, of a published edition as of a draft: a whole page, or what changes as one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.framework import FactKind, Framework
from app.queries.sandbox import SandboxPage, sandbox_page
from app.web import trial
from app.web.trial import Typed

# Up to here a trial fits into an address that can be kept and sent; above it the form is posted.
MOST_IN_AN_ADDRESS = 150


@dataclass(frozen=True)
class Place:
    """Where a sandbox stands: its template, with what `more` that shows, and its endpoint with what the address names."""

    template: str
    endpoint: str
    named: Mapping[str, Any]
    more: Mapping[str, Any]

    def address(self, typed: Typed, part: str | None) -> str:
        return url_for(self.endpoint, **self.named, **typed.address(part))


def answer(framework: Framework, place: Place) -> ResponseReturnValue:
    """What was tried, as a page; as JSON where a script asks; where a form was sent by GET, its own short address."""
    values = request.values
    typed = trial.read_trial(framework, values)
    page = sandbox_page(framework, typed.trial, typed.part)
    part = page.shown.key if len(page.parts) > 1 else None
    if "live" in values:
        return _live(page, typed, place, part)
    if request.method == "GET" and trial.is_form(values) and not typed.left_out:
        return redirect(place.address(typed, part))
    html = render_template(
        place.template,
        page=page,
        typed=typed,
        place=place,
        trial=trial,
        kinds=FactKind,
        posts=len(framework.criteria) > MOST_IN_AN_ADDRESS,
        **place.more,
    )
    return html, 422 if typed.errors or typed.left_out else 200


def _live(page: SandboxPage, typed: Typed, place: Place, part: str | None) -> ResponseReturnValue:
    address = place.address(typed, part) if page.total <= MOST_IN_AN_ADDRESS else None
    data = {
        "html": render_template("components/_outcome.html", outcome=page.outcome),
        "band": page.outcome.band,
        "said": page.outcome.explanation[0],
        "not_asked": {row.criterion.code: row.not_asked for row in page.rows},
        "problems": [*typed.errors.values(), *map(trial.does_not_fit, typed.left_out.items())],
        "asked": page.asked,
        "address": address,
    }
    return jsonify(data)

"""The published standards, to be read before anyone signs up: every edition, branch and criterion at an address that stays."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.framework import FactKind
from app.edge.session import allow
from app.queries.standard_parts import CriterionPage, NoSuchPart, page_of_part, spelt
from app.queries.standards import (
    edition_of,
    edition_source,
    framework_editions,
    published_editions,
    standards_page,
)
from app.web.public import bp
from app.web.public.asking import given_facts
from app.web.public.reading import Reading
from app.web.public.wording import lang_of, said

bp.add_app_template_global(lang_of)
bp.add_app_template_filter(said)


@bp.get("/standards")
@allow(Action.USE_PUBLIC_SITE)
def standards() -> ResponseReturnValue:
    return render_template("public/standards.html", editions=published_editions())


@bp.get("/standards/<framework>")
@allow(Action.USE_PUBLIC_SITE)
def framework(framework: str) -> ResponseReturnValue:
    return render_template("public/framework.html", code=framework, editions=framework_editions(framework))


@bp.get("/standards/<framework>/<edition>")
@allow(Action.USE_PUBLIC_SITE)
def edition(framework: str, edition: str) -> ResponseReturnValue:
    found = edition_of(framework, edition)
    given = given_facts(found.framework)
    page = standards_page(found, given.facts, given.target)
    reading = Reading(found, given)
    return _unless_known(render_template("public/edition.html", page=page, reading=reading, kinds=FactKind))


@bp.get("/standards/<framework>/<edition>/<code>")
@allow(Action.USE_PUBLIC_SITE)
def part(framework: str, edition: str, code: str) -> ResponseReturnValue:
    """A branch or a criterion. What is spelt in other letters is sent on; what is not there says what may be meant."""
    found = edition_of(framework, edition)
    given = given_facts(found.framework)
    try:
        page = page_of_part(found, code, given.facts, given.target)
    except NoSuchPart as error:
        meant = spelt(found, code)
        if meant:
            return redirect(url_for(".part", framework=framework, edition=edition, code=meant))
        return render_template("public/no_such_part.html", error=error, reading=Reading(found, given)), 404
    name = "criterion" if isinstance(page, CriterionPage) else "node"
    return _unless_known(render_template(f"public/{name}.html", page=page, reading=Reading(found, given)))


@bp.get("/standards/<framework>/<edition>/framework.yaml")
@allow(Action.USE_PUBLIC_SITE)
def framework_source(framework: str, edition: str) -> ResponseReturnValue:
    """The file of the edition, byte for byte as it was published."""
    source, sha256 = edition_source(framework, edition)
    response = make_response(source)
    response.mimetype = "application/yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{framework}-{edition}.yaml"'
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(sha256)
    return response.make_conditional(request)


def _unless_known(page: str) -> ResponseReturnValue:
    """The page, or that the browser has it already. What is compared is all of it: the frame names who is signed in."""
    response = make_response(page)
    response.add_etag()
    return response.make_conditional(request)

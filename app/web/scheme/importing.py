"""Bringing a framework over from another format: a file, what came of it, and a draft. Nothing is kept before the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.framework import Framework, Node
from app.edge.session import allow, me, now, today
from app.frameworks.header import plural
from app.frameworks.importing import ImportResult, import_framework
from app.frameworks.importing.files import LARGEST
from app.frameworks.in_words import language_name
from app.queries.drafts import frameworks_page
from app.queries.schemes import SchemeRow
from app.services import drafts
from app.web.refusals import show_on
from app.web.scheme import bp

MOST_NODES = 400
VIEWS = frozenset({"scheme.import_framework_file", "scheme.draft_of_import"})


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form is read for its token: the file, or the text that it became, with room for how forms carry it."""
    if request.method == "POST" and endpoint in VIEWS and me().signed_in:
        request.max_form_memory_size = request.max_content_length = 3 * LARGEST


class ImportForm(FlaskForm):
    """The file, and the codes that it shall have here."""

    file = FileField("File", description="A CISO Assistant library (YAML) or an OSCAL catalog (JSON or YAML).")
    framework = StringField(
        "Code of the framework, if you have one",
        description="The same code as an earlier edition here makes it the next edition of that framework.",
    )
    edition = StringField(
        "Edition, if it is not to be the version that the file names", description="For example 2027."
    )

    def result(self) -> ImportResult:
        """What the file becomes. Raises Invalid."""
        sent = self.file.data
        if not getattr(sent, "filename", ""):
            raise Invalid({"file": "Choose the file to bring over."})
        with sent.stream as stream:
            data: bytes = stream.read(LARGEST + 1)
        codes = {"framework": (self.framework.data or "").strip(), "edition": (self.edition.data or "").strip()}
        return import_framework(data, sent.filename, **codes)


class ImportedForm(FlaskForm):
    """The edition as it was written, which waits in the page."""

    source = TextAreaField("The edition in our format", description="You can change it in the draft.")
    name = HiddenField()


@bp.route("/schemes/<code>/frameworks/import", methods=["GET", "POST"])
@allow(Action.FRAMEWORK_EDIT)
def import_framework_file(code: str) -> ResponseReturnValue:
    page, form = frameworks_page(code, me(), today(), Action.FRAMEWORK_EDIT), ImportForm()
    if form.validate_on_submit():
        try:
            result = form.result()
        except Invalid as error:
            show_on(form, error)
        else:
            return _preview(page.scheme, result)
    return render_template("scheme/import.html", page=page, form=form), 422 if form.errors else 200


def _preview(scheme: SchemeRow, result: ImportResult) -> str:
    form = ImportedForm(formdata=None, data={"source": result.source, "name": result.report.source})
    tree, more = outline(result.framework) if result.framework else ((), 0)
    languages = [language_name(code) for code in result.report.languages]
    return render_template(
        "scheme/import_preview.html",
        scheme=scheme,
        result=result,
        form=form,
        tree=tree,
        more=more,
        languages=languages,
        asked=plural(result.framework.criterion_name).replace("-", " ") if result.framework else "",
    )


@bp.post("/schemes/<code>/frameworks/import/draft")
@allow(Action.FRAMEWORK_EDIT)
def draft_of_import(code: str) -> ResponseReturnValue:
    """Begin a draft with the text that the preview showed."""
    scheme = frameworks_page(code, me(), today(), Action.FRAMEWORK_EDIT).scheme
    form = ImportedForm()
    if not form.validate_on_submit() or not (form.source.data or "").strip():
        flash("The page had lost the text. Choose the file again.", "warning")
        return redirect(url_for(".import_framework_file", code=code))
    draft_id = drafts.start_draft(
        scheme.scheme_id, form.source.data or "", name=(form.name.data or "")[:200], actor=me(), now=now()
    )
    flash("Your draft is ready. Nobody outside the scheme’s office sees it.")
    return redirect(url_for(".draft", draft_id=draft_id))


@dataclass(frozen=True)
class Branch:
    """A node of the outline, with the number of criteria below it in all."""

    node: Node
    below: int
    parts: tuple[Branch, ...]


def outline(framework: Framework) -> tuple[tuple[Branch, ...], int]:
    """The tree, cut after MOST_NODES nodes in reading order, and how many nodes are left out."""
    shown = {node.code for node in framework.nodes[:MOST_NODES]}

    def branches(nodes: tuple[Node, ...]) -> tuple[Branch, ...]:
        kept = [node for node in nodes if node.code in shown]
        return tuple(Branch(node, len(node.all_criteria), branches(node.children)) for node in kept)

    return branches(framework.roots), len(framework.nodes) - len(shown)

"""The life of a framework edition in the scheme's office: drafted, published, retired."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.editions import highest, is_higher, raised
from app.domain.errors import DomainError, Invalid
from app.domain.two_texts import differences
from app.edge.session import allow, me, now, today
from app.frameworks import FrameworkInvalid
from app.frameworks.starter import starter
from app.queries.drafts import DraftPage, draft_page, frameworks_page, publish_page
from app.queries.editions import retire_page
from app.queries.schemes import office_schemes
from app.services import drafts
from app.services import frameworks as editions
from app.web.jinja import plural
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.framework_forms import ConfirmForm, DraftForm, Instead, PublishForm, UploadForm


@bp.get("/frameworks")
@bp.get("/schemes/<code>/frameworks")
@allow(Action.FRAMEWORKS_SEE)
def frameworks(code: str | None = None) -> ResponseReturnValue:
    """Editions and drafts. Without a code: those of the one scheme of one's office, or a choice of schemes."""
    if code is None:
        schemes = office_schemes(me())
        if len(schemes) == 1:
            return redirect(url_for(".frameworks", code=schemes[0].code))
        return render_template("scheme/framework_schemes.html", schemes=schemes)
    page = frameworks_page(code, me(), today())
    return render_template("scheme/frameworks.html", page=page)


@bp.route("/schemes/<code>/frameworks/new", methods=["GET", "POST"])
@allow(Action.FRAMEWORK_EDIT)
def new_draft(code: str) -> ResponseReturnValue:
    """Begin a draft with a file."""
    page, form = frameworks_page(code, me(), today(), Action.FRAMEWORK_EDIT), UploadForm()
    if form.validate_on_submit():
        try:
            text = form.text()
            draft_id = drafts.start_draft(page.scheme.scheme_id, text, name=form.filename, actor=me(), now=now())
        except Invalid as error:
            show_on(form, Invalid({"file": error.message}))
        else:
            return _begun(draft_id)
    return render_template("scheme/new_draft.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/schemes/<code>/frameworks/starter")
@allow(Action.FRAMEWORK_EDIT)
def start_from_nothing(code: str) -> ResponseReturnValue:
    """Begin a draft with a small framework that says how to go on."""
    page = frameworks_page(code, me(), today(), Action.FRAMEWORK_EDIT)
    scheme, year = page.scheme, str(today().year)
    taken = highest(line.edition for line in page.editions if line.code == scheme.code)
    text = starter(scheme.code, scheme.title, year if not taken or is_higher(year, taken) else raised(taken))
    return _begun(drafts.start_draft(scheme.scheme_id, text, name="", actor=me(), now=now()))


@bp.post("/frameworks/editions/<int:edition_id>/copy")
@allow(Action.FRAMEWORK_EDIT)
def copy_edition(edition_id: int) -> ResponseReturnValue:
    return _begun(drafts.copy_edition(edition_id, actor=me(), now=now()))


def _begun(draft_id: int) -> ResponseReturnValue:
    flash("Your draft is ready. Nobody outside the scheme’s office sees it.")
    return redirect(url_for(".draft", draft_id=draft_id))


@bp.get("/frameworks/drafts/<int:draft_id>")
@allow(Action.FRAMEWORKS_SEE)
def draft(draft_id: int) -> ResponseReturnValue:
    page = draft_page(draft_id, me(), today())
    form = DraftForm(formdata=None, data={"source": page.source, "version": page.line.version})
    return _draft_page(page, form)


@bp.post("/frameworks/drafts/<int:draft_id>")
@allow(Action.FRAMEWORK_EDIT)
def save_draft(draft_id: int) -> ResponseReturnValue:
    """Keep the text, mistakes and all. Where a colleague saved first, both texts are shown and neither is lost."""
    form = DraftForm()
    if not form.validate_on_submit():
        return _draft_page(draft_page(draft_id, me(), today()), form), 422
    try:
        kept_as = _keep(draft_id, form)
    except drafts.DraftChanged as refusal:
        return _both_texts(draft_id, form, refusal), 409
    except Invalid as error:
        show_on(form, error)
        return _draft_page(draft_page(draft_id, me(), today()), form), 422
    mistakes = len(draft_page(kept_as, me(), today()).problems)
    flash(f"Saved. The text has {plural(mistakes, 'mistake')}." if mistakes else "Saved. The text has no mistakes.")
    return redirect(url_for(".draft", draft_id=kept_as))


def _keep(draft_id: int, form: DraftForm) -> int:
    """Save as the button says that was pressed: over the draft, over one that is brought back first, or beside it."""
    text = form.source.data or ""
    if form.instead.data == Instead.BESIDE:
        page = draft_page(draft_id, me(), today(), Action.FRAMEWORK_EDIT)
        words = f"a text for {page.line.name}"
        return drafts.start_draft(page.scheme.scheme_id, text, name=words, actor=me(), now=now())
    if form.instead.data == Instead.BACK:
        drafts.restore_draft(draft_id, actor=me(), now=now())
    drafts.save_draft(draft_id, text, form.shown, actor=me(), now=now())
    return draft_id


def _draft_page(page: DraftPage, form: DraftForm) -> str:
    return render_template("scheme/draft.html", page=page, form=form)


def _both_texts(draft_id: int, form: DraftForm, refusal: drafts.DraftChanged) -> str:
    """What was sent, in the form and ready to be saved over what stands now; and what stands now, below it."""
    page = draft_page(draft_id, me(), today())
    form.version.data = str(page.line.version)
    form.form_errors.append(refusal.message)
    places = differences(page.source, drafts.as_kept(form.source.data or ""))
    return render_template("scheme/draft.html", page=page, form=form, theirs=page.source, differences=places)


@bp.get("/frameworks/drafts/<int:draft_id>/file")
@allow(Action.FRAMEWORKS_SEE)
def draft_file(draft_id: int) -> ResponseReturnValue:
    """The draft's text as a file, to go on with elsewhere."""
    page = draft_page(draft_id, me(), today())
    name = "-".join(part for part in (page.line.code, page.line.edition) if part) or "draft"
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-._") else "-" for sign in name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}.yaml"'}
    return Response(page.source, mimetype="application/yaml", headers=headers)


@bp.post("/frameworks/drafts/<int:draft_id>/discard")
@allow(Action.FRAMEWORK_EDIT)
def discard_draft(draft_id: int) -> ResponseReturnValue:
    drafts.discard_draft(draft_id, actor=me(), now=now())
    flash("The draft is discarded. You can bring it back from the end of this page.")
    return _to_list(draft_id)


@bp.post("/frameworks/drafts/<int:draft_id>/restore")
@allow(Action.FRAMEWORK_EDIT)
def restore_draft(draft_id: int) -> ResponseReturnValue:
    drafts.restore_draft(draft_id, actor=me(), now=now())
    flash("The draft is back as it was.")
    return redirect(url_for(".draft", draft_id=draft_id))


def _to_list(draft_id: int) -> ResponseReturnValue:
    return redirect(url_for(".frameworks", code=draft_page(draft_id, me(), today()).scheme.code))


@bp.route("/frameworks/drafts/<int:draft_id>/publish", methods=["GET", "POST"])
@allow(Action.FRAMEWORK_PUBLISH)
def publish_draft(draft_id: int) -> ResponseReturnValue:
    """Says what publishing does, then does it."""
    page = publish_page(draft_id, me(), today())
    form = PublishForm()
    if form.validate_on_submit():
        try:
            drafts.publish_draft(draft_id, form.shown, keep_open=form.keep_open.data, actor=me(), now=now())
        except (FrameworkInvalid, drafts.DraftChanged) as refusal:
            form.form_errors.append(_in_short(refusal))
            page = publish_page(draft_id, me(), today())
        except Invalid as error:
            form.form_errors.append(error.message)
        else:
            flash(f"{page.draft.line.name} is published.")
            return redirect(url_for(".frameworks", code=page.draft.scheme.code))
    form.version.data = str(page.draft.line.version)
    answer = render_template("scheme/publish.html", page=page, form=form)
    return answer, 422 if form.errors else 200


def _in_short(refusal: DomainError) -> str:
    if isinstance(refusal, FrameworkInvalid):
        return f"The text has {plural(len(refusal.problems), 'mistake')}, so it cannot be published yet."
    return refusal.message


@bp.route("/frameworks/editions/<int:edition_id>/retire", methods=["GET", "POST"])
@allow(Action.FRAMEWORK_PUBLISH)
def retire_edition(edition_id: int) -> ResponseReturnValue:
    """Says what retiring does, then does it; and the same for taking applications again."""
    page, form = retire_page(edition_id, me(), today()), ConfirmForm()
    if form.validate_on_submit():
        editions.retire_edition(edition_id, actor=me(), now=now())
        flash(f"{page.edition.name} is retired. It takes no new applications.")
        return redirect(url_for(".frameworks", code=page.scheme.code))
    return render_template("scheme/retire.html", page=page, form=form)


@bp.route("/frameworks/editions/<int:edition_id>/reopen", methods=["GET", "POST"])
@allow(Action.FRAMEWORK_PUBLISH)
def reopen_edition(edition_id: int) -> ResponseReturnValue:
    page, form = retire_page(edition_id, me(), today()), ConfirmForm()
    if form.validate_on_submit():
        editions.reopen_edition(edition_id, actor=me(), now=now())
        flash(f"{page.edition.name} takes applications again.")
        return redirect(url_for(".frameworks", code=page.scheme.code))
    return render_template("scheme/reopen.html", page=page, form=form)

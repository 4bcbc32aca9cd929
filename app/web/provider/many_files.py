"""Many files at once: each its own request by script, or all in one form without; each is judged on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.backends.storage import StorageFull
from app.backends.viruses import NotScanned
from app.domain.access import Action
from app.domain.errors import DomainError, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought, Contents
from app.edge.backends import storage, upload_of
from app.edge.session import allow, me, now, today
from app.queries.answers import AnswerPage, answer_page
from app.queries.organisations import own_organisation
from app.services import evidence
from app.services.evidence import Behind, NewEvidence
from app.web.errors import wants_json
from app.web.provider import bp
from app.web.provider.answers import shown_choices
from app.web.provider.evidence_forms import ManyFilesForm

TRY_AGAIN = 503
"""The answer for what may well succeed in a while: the disk is full, or the scanner does not answer."""


@dataclass(frozen=True)
class Taken:
    """What became of one file. `item_id` is the piece it is in the library, or that it is there as already."""

    name: str
    status: int
    item_id: int | None = None
    title: str = ""
    problem: str = ""


@bp.route("/organisations/<int:organisation_id>/evidence/files", methods=["GET", "POST"])
@allow(Action.ADD_EVIDENCE)
def add_files(organisation_id: int) -> ResponseReturnValue:
    organisation = own_organisation(organisation_id, me(), Action.ADD_EVIDENCE)
    form = ManyFilesForm()
    if not form.is_submitted():
        return _page(organisation_id, organisation.name, form)
    return _answer(organisation_id, organisation.name, form, None)


@bp.route("/applications/<int:application_id>/criteria/<code>/files", methods=["GET", "POST"])
@allow(Action.ANSWER)
def add_files_here(application_id: int, code: str) -> ResponseReturnValue:
    """The same, put behind a criterion straight away."""
    page = answer_page(application_id, code, me(), today())
    form = ManyFilesForm()
    if not form.is_submitted():
        return _page(page.organisation_id, page.organisation, form, page)
    return _answer(page.organisation_id, page.organisation, form, page)


def _page(
    organisation_id: int,
    organisation: str,
    form: ManyFilesForm,
    here: AnswerPage | None = None,
    taken: tuple[Taken, ...] = (),
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "provider/add_files.html",
        organisation_id=organisation_id,
        organisation=organisation,
        form=form,
        here=here,
        taken=taken,
        shows=shown_choices(here) if here else [],
    ), status


def _answer(
    organisation_id: int, organisation: str, form: ManyFilesForm, here: AnswerPage | None
) -> ResponseReturnValue:
    behind = Behind(here.application_id, here.criterion.code, form.shows.data or "") if here else None
    files = [file for file in form.files.data or [] if getattr(file, "filename", "")]
    if wants_json() and len(files) == 1:
        return _told(organisation_id, _take(organisation_id, files[0], behind))
    if not files:
        form.files.errors = ["Choose the files to upload."]
        return _page(organisation_id, organisation, form, here, status=422)
    taken = tuple(_each(organisation_id, files, behind))
    refused = any(each.problem for each in taken)
    return _page(organisation_id, organisation, form, here, taken, 422 if refused else 200)


def _each(organisation_id: int, files: list[FileStorage], behind: Behind | None) -> Iterator[Taken]:
    for file in files:
        yield _take(organisation_id, file, behind)


def _take(organisation_id: int, file: FileStorage, behind: Behind | None) -> Taken:
    """Put one file into the library. What refuses it is told of it alone; nothing of the others is touched."""
    new = NewEvidence(Brought.DOCUMENT.value, "", Contents(), upload_of(file))
    common = {"storage": storage(), "actor": me(), "now": now(), "today": today()}
    name = file.filename or ""
    try:
        item_id = evidence.add_evidence(organisation_id, new, behind=behind, **common)
        return Taken(name, 201, item_id, new.called)
    except AlreadyInLibrary as twin:
        if behind is not None:
            evidence.attach_evidence(twin.item_id, behind, actor=me(), now=now())
            return Taken(name, 200, twin.item_id, twin.title)
        return Taken(name, 409, twin.item_id, twin.title, twin.message)
    except (Invalid, StorageFull) as refusal:
        return Taken(name, _status_of(refusal), problem=refusal.message)


def _status_of(refusal: DomainError) -> int:
    later = isinstance(refusal, StorageFull) or isinstance(refusal.__cause__, NotScanned)
    return TRY_AGAIN if later else 422


def _told(organisation_id: int, taken: Taken) -> tuple[Response, int]:
    """What the script shows beside the file."""
    address = taken.item_id and url_for(".evidence_item", organisation_id=organisation_id, item_id=taken.item_id)
    edit = taken.item_id and url_for(".edit_evidence", organisation_id=organisation_id, item_id=taken.item_id)
    return jsonify(title=taken.title, url=address, edit=edit, problem=taken.problem), taken.status

"""The conditions of an award, and telling the scheme how one is met."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.conditions import OfferPage, conditions_page, offer_page
from app.services.conditions import Offer, offer_condition
from app.web.fields import choices
from app.web.provider import bp
from app.web.provider.evidence import refuse
from app.web.provider.evidence_forms import EvidenceForm
from app.web.provider.forms import row_id
from app.web.refusals import show_on


class OfferForm(EvidenceForm):
    """What was done to meet a condition, with evidence from the library and, if there is any, a new piece."""

    words = TextAreaField("What you have done")
    item = SelectField("Evidence from your library", validate_choice=False)


@bp.get("/awards/<int:award_id>/conditions")
@allow(Action.SEE_APPLICATION)
def conditions(award_id: int) -> ResponseReturnValue:
    return render_template("provider/conditions.html", page=conditions_page(award_id, me(), today()))


@bp.route("/awards/<int:award_id>/conditions/<int:number>", methods=["GET", "POST"])
@allow(Action.ANSWER_CONDITION)
def answer_condition(award_id: int, number: int) -> ResponseReturnValue:
    page = offer_page(award_id, number, me(), today())
    form, status, twin = OfferForm(), 200, None
    if not form.is_submitted():
        form.kind.data, form.words.data = Brought.DOCUMENT.value, page.condition.offered
    else:
        try:
            if form.validate():
                _send(page, form)
                flash(f"The scheme is told that condition {number} is met. It looks at what you sent.")
                return redirect(url_for(".conditions", award_id=award_id))
            status = 422
        except (AlreadyInLibrary, StorageFull) as error:
            twin, status = refuse(form, error), 422
        except Invalid as error:
            show_on(form, error)
            status = 422
        except (Conflict, IllegalMove) as error:
            show_on(form, error)
            page, status = offer_page(award_id, number, me(), today()), 409
    form.item.choices = choices([("", "No evidence"), *((str(item_id), title) for item_id, title in page.library)])
    return render_template("provider/answer_condition.html", page=page, form=form, twin=twin), status


def _send(page: OfferPage, form: OfferForm) -> None:
    chosen = row_id(form.item.data)
    offer = Offer(
        (form.words.data or "").replace("\r\n", "\n"),
        () if chosen is None else (chosen,),
        None if form.empty else form.given(),
    )
    offer_condition(page.condition.condition_id, offer, storage=storage(), actor=me(), now=now(), today=today())

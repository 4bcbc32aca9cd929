"""Whether a certificate is genuine and stands today."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.edge.session import allow, now, today
from app.queries.verification import verify_certificate
from app.web.public import bp


class NumberForm(Form):
    """A certificate's number, asked for by GET: nothing changes, so nothing needs a token."""

    number = StringField("Certificate number", [InputRequired("Enter the number on the certificate.")])


@bp.get("/verify")
@allow(Action.USE_PUBLIC_SITE)
def verify() -> ResponseReturnValue:
    asked = "number" in request.args
    form = NumberForm(request.args if asked else None)
    if asked and form.validate():
        return redirect(url_for(".verified", number=str(form.number.data).strip()[:40].replace("/", " ") or "-"))
    return render_template("public/verify.html", form=form), 422 if asked else 200


@bp.get("/verify/<number>")
@allow(Action.USE_PUBLIC_SITE)
def verified(number: str) -> ResponseReturnValue:
    answer = verify_certificate(number, today())
    if answer.known and answer.number != number:
        return redirect(url_for(".verified", number=answer.number))
    return render_template("public/verified.html", answer=answer, now=now()), 200 if answer.known else 404

"""What an assessor can judge, where they travel and when they are away: kept by themselves or by a manager."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from app.backends.postcodes import area_names
from app.domain.access import Action
from app.domain.allocation import LANGUAGE_NAMES, USUAL_MOST
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now
from app.queries.competence import CompetencePage, competence_page, my_competence
from app.services import competence as services
from app.services.competence import Profile
from app.web.account import bp
from app.web.fields import CheckboxesField, CountField, DayField, choices
from app.web.refusals import show_on


class CompetenceForm(FlaskForm):
    """One profile. Councils are written one on a line; `version` is that of what was shown."""

    services = CheckboxesField("Services that you know")
    areas = CheckboxesField("Areas of the framework that you can judge")
    client_groups = CheckboxesField("People whose care and support you know")
    languages = CheckboxesField(
        "Languages that you speak beside English",
        choices=choices((language.value, words) for language, words in LANGUAGE_NAMES.items()),
    )
    travels = TextAreaField(
        "Councils to which you can travel", description="One on a line, such as Lancaster. Leave it empty for anywhere."
    )
    most = CountField(
        "How many cases can you take at once?", description=f"We count on {USUAL_MOST} if you leave it empty."
    )
    away_from = DayField("Away from", description="The first day on which you cannot work on cases.")
    away_until = DayField("Away until", description="The last day. Leave it empty if you do not know.")
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, page: CompetencePage) -> CompetenceForm:
        skills = page.skills
        form = cls(
            data={
                "services": sorted(skills.services),
                "areas": sorted(skills.areas),
                "client_groups": sorted(skills.client_groups),
                "languages": sorted(skills.languages),
                "travels": "\n".join(page.travels),
                "most": page.most,
                "away_from": skills.away_from,
                "away_until": skills.away_until,
                "version": page.version,
            }
        )
        form.services.choices = choices(page.services_open)
        form.areas.choices = choices(page.areas_open)
        form.client_groups.choices = choices(page.groups_open)
        return form

    def given(self) -> Profile:
        """What was entered. Raises Invalid (`travels`) naming councils that are none."""
        return Profile(
            services=tuple(self.services.data or ()),
            areas=tuple(self.areas.data or ()),
            client_groups=tuple(self.client_groups.data or ()),
            languages=tuple(self.languages.data or ()),
            travels=_councils(self.travels.data or ""),
            most=self.most.data,
            away_from=self.away_from.data,
            away_until=self.away_until.data,
        )


def _councils(text: str) -> tuple[str, ...]:
    """The codes of the councils that are named, one on a line. Raises Invalid."""
    by_name = {_plain(name): code for code, name in area_names().items()}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    unknown = [line for line in lines if _plain(line) not in by_name]
    if unknown:
        raise Invalid({"travels": f"We know no council called {unknown[0][:80]}. Check its spelling."})
    return tuple(dict.fromkeys(by_name[_plain(line)] for line in lines))


def _plain(name: str) -> str:
    words = name.casefold().replace(",", " ").replace("-", " ").replace("&", "and").split()
    return " ".join(word for word in words if word not in {"council", "the", "of", "city", "borough", "district"})


@bp.get("/my/competence")
@allow(Action.SEE_ASSESSMENTS)
def my_competences() -> ResponseReturnValue:
    page = my_competence(me())
    if len(page.schemes) == 1:
        return redirect(url_for(".competence", code=page.schemes[0][0]))
    return render_template("account/my_competence.html", page=page)


@bp.route("/my/competence/<code>", methods=["GET", "POST"])
@allow(Action.SEE_ASSESSMENTS)
def competence(code: str) -> ResponseReturnValue:
    return _profile(competence_page(code, None, me()), url_for("assessor.home"))


@bp.route("/schemes/<code>/people/<int:user_id>/competence", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def scheme_competence(code: str, user_id: int) -> ResponseReturnValue:
    return _profile(competence_page(code, user_id, me()), url_for(".scheme_people", code=code))


def _profile(page: CompetencePage, done: str) -> ResponseReturnValue:
    form, status = CompetenceForm.about(page), 200
    if form.is_submitted():
        status = _saved(page, form)
        if status == 303:
            flash(
                "Thank you. The scheme proposes cases by this." if page.own else f"What {page.name} can judge is kept."
            )
            return redirect(done)
    return render_template("account/competence.html", page=page, form=form), status


def _saved(page: CompetencePage, form: CompetenceForm) -> int:
    if not form.validate():
        return 422
    try:
        services.save_competence(
            page.scheme_id, page.user_id, form.given(), form.version.data or 0, actor=me(), now=now()
        )
    except Conflict as error:
        show_on(form, error)
        form.version.raw_data, form.version.data = None, page.version
        return 409
    except Invalid as error:
        show_on(form, error)
        return 422
    return 303

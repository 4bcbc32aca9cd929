"""What a person hears of by e-mail, when, and in which language."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.domain.errors import DomainError
from app.domain.topics import Language, Topic, Way
from app.edge.session import allow, me, now
from app.queries.wishes import MessagesPage, messages_page
from app.services import wishes
from app.services.letters import TOPIC_TITLES
from app.services.wishes import HOURS, Chosen
from app.web.account import bp
from app.web.account.message_words import DAY_WORDS, LANGUAGE_WORDS, TOPIC_HINTS, WAY_WORDS, hour_words
from app.web.errors import status_of
from app.web.fields import CheckboxesField, choices
from app.web.refusals import show_on

TITLES = TOPIC_TITLES[Language.ENGLISH]


class MessagesForm(FlaskForm):
    """What one chooses about messages. `for_page` adds a field for each topic that has more than one way."""

    language = RadioField(
        "Language of your messages",
        [InputRequired("Choose a language.")],
        choices=choices((each.value, words) for each, words in LANGUAGE_WORDS.items()),
    )
    digest = RadioField(
        "The day’s e-mail",
        [InputRequired("Choose whether you want the day’s e-mail.")],
        choices=choices([("yes", "Send it when something happened or comes due"), ("no", "Do not send it")]),
        description="One e-mail, at most once a day: what happened, and what to do next with its dates.",
    )
    hour = SelectField(
        "From what time of the day", choices=choices((str(hour), hour_words(hour)) for hour in HOURS), coerce=str
    )
    days = CheckboxesField("On which days", choices=choices(DAY_WORDS))

    @classmethod
    def for_page(cls, page: MessagesPage) -> MessagesForm:
        """The form as the person's choices stand, with a field for each of their topics."""
        fields: dict[str, Any] = {
            f"way_{row.topic.value}": SelectField(
                TITLES[row.topic],
                choices=choices((way.value, WAY_WORDS[way]) for way in row.ways),
                description=TOPIC_HINTS[row.topic],
            )
            for row in page.topics
            if len(row.ways) > 1
        }
        chosen = {f"way_{row.topic.value}": row.way.value for row in page.topics}
        wished = page.wishes
        kind = type("MessagesFormOfTopics", (cls,), fields)
        form: MessagesForm = kind(
            data={
                "language": wished.language.value,
                "digest": "yes" if wished.digest else "no",
                "hour": str(wished.hour),
                "days": list(wished.days),
                **chosen,
            }
        )
        return form

    def ways(self) -> list[Any]:
        """The fields of the topics, in their order."""
        return [field for field in self if field.name.startswith("way_")]

    def chosen(self) -> Chosen:
        """What was chosen. Call when the form is valid."""
        return Chosen(
            language=Language(self.language.data),
            digest=self.digest.data == "yes",
            hour=int(self.hour.data),
            days="".join(self.days.data or []),
            ways={Topic(field.name.removeprefix("way_")): Way(field.data) for field in self.ways()},
        )


@bp.route("/account/messages", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def messages() -> ResponseReturnValue:
    page = messages_page(actor=me())
    form, status = MessagesForm.for_page(page), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                wishes.choose_messages(form.chosen(), actor=me(), now=now())
                flash("Your choices are saved.")
                return redirect(url_for(".messages"))
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    always = [row.topic for row in page.topics if len(row.ways) == 1]
    return render_template(
        "account/messages.html", page=page, form=form, always=always, titles=TITLES, hints=TOPIC_HINTS
    ), status

"""The feedback form as it is sent: read by hand, because what it asks and which language it speaks vary by link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe

from flask import request
from markupsafe import Markup

from app.domain.errors import DomainError, Invalid, Throttled
from app.domain.voice import COMMENT, Concern, Form, Said, Who
from app.domain.voice_words import FORM_LANGUAGES, words_in
from app.domain.wording import FALLBACK, Text

MOST_READ = 20_000  # characters of a field: more than any may have, so that it can be given back with its error


@dataclass
class SayForm:
    """What was sent, to be given back as it was. `errors` maps a control's id to a sentence in the form's language."""

    asks: Form
    language: str
    who: str = Who.SELF.value
    choices: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    harmed: str = ""
    concern: str = ""
    contact: str = ""
    once: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, asks: Form) -> SayForm:
        return cls(asks, wanted_language(), once=token_urlsafe(12))

    @classmethod
    def sent(cls, asks: Form) -> SayForm:
        """What this request carries. The language is the one that a press on its button asks for, else the form's own."""

        def text(name: str) -> str:
            return request.form.get(name, "")[:MOST_READ]

        language = text("switch") or text("language")
        return cls(
            asks,
            language if language in FORM_LANGUAGES else FORM_LANGUAGES[0],
            who=text("who"),
            choices={each.code: text(each.code) for each in asks.statements},
            comments={each.code: text(f"{COMMENT}{each.code}") for each in asks.words},
            harmed=text("harmed"),
            concern=text("concern"),
            contact=text("contact"),
            once=text("once")[:64] or token_urlsafe(12),
        )

    @property
    def words(self) -> Mapping[str, str]:
        return words_in(self.language)

    def said(self) -> Said:
        return Said(self.who, self.language, self.choices, self.comments)

    def told(self) -> Concern | None:
        """The concern: where somebody says yes, and also where they only write what is happening."""
        if self.harmed == "yes" or (self.harmed != "no" and self.concern.strip()):
            return Concern(self.concern, self.contact)
        return None

    def refuse(self, error: DomainError) -> None:
        """Put a refusal onto the form."""
        if isinstance(error, Throttled):
            self.errors[""] = self.words["throttled"]
        elif isinstance(error, Invalid):
            self.errors.update(error.errors)
            nothing = self.errors.pop("nothing", "")
            if nothing:  # an error leads to the first control that can mend it
                self.errors[f"{self.asks.statements[0].code}-1"] = nothing
        else:
            self.errors[""] = error.message


def wanted_language() -> str:
    """The language of the address, else of the browser."""
    asked = request.args.get("language", "")
    if asked in FORM_LANGUAGES:
        return asked
    return request.accept_languages.best_match(FORM_LANGUAGES) or FORM_LANGUAGES[0]


def spoken(text: Text, language: str) -> Markup:
    """The text in that language, marked with its own where it is in another."""
    by_language = dict(text.by_language)
    used = next((each for each in (language, FALLBACK) if by_language.get(each)), text.by_language[0][0])
    if used == language:
        return Markup("{}").format(text.in_(language))
    return Markup('<span lang="{}">{}</span>').format(used, text.in_(language))

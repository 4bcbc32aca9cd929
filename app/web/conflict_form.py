"""The form by which anybody who judges or manages a case declares a conflict of interest that they have found."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from app.domain.impartiality import TieKind, Whose
from app.domain.interests import KIND_WORDS, WHOSE_WORDS
from app.services.recusal import Found
from app.web.fields import choices


class ConflictForm(FlaskForm):
    """What joins them to the organisation, whose interest it is, and in their words what it is."""

    kind = RadioField(
        "What joins you to the organisation?",
        [InputRequired("Choose what joins you to it.")],
        choices=choices((kind.value, words) for kind, words in KIND_WORDS.items()),
    )
    whose = RadioField(
        "Whose interest is it?",
        [InputRequired("Choose whose interest it is.")],
        choices=choices((whose.value, words) for whose, words in WHOSE_WORDS.items()),
    )
    words = TextAreaField(
        "What is it, in a sentence?",
        [InputRequired("Say what the interest is, so that the scheme can record it.")],
        description="The scheme keeps this on record. The provider does not read it.",
    )

    def found(self) -> Found:
        """What was entered, once the form is valid."""
        return Found(self.words.data or "", TieKind(self.kind.data), Whose(self.whose.data))

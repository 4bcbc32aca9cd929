"""What a reviewer fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from app.domain.appeals import REMEDY_WORDS, VOTE_WORDS
from app.domain.complaints import FOLLOW_WORDS
from app.domain.lifecycle import ComplaintMove
from app.queries.review_reading import AppealReview
from app.queries.reviews import OwnReview
from app.services.review_decisions import Answer, Ruling
from app.web.fields import choices

ANSWER_WORDS = {
    ComplaintMove.UPHOLD: "Upheld: the complaint is right",
    ComplaintMove.PARTLY_UPHOLD: "Upheld in part",
    ComplaintMove.NOT_UPHOLD: "Not upheld",
}


class NotesForm(FlaskForm):
    """One's notes. `version` is that of the page."""

    called = "notes"
    notes = TextAreaField("Your notes", description="Nobody of the provider and nobody of the office reads them.")
    version = HiddenField()

    @classmethod
    def about(cls, own: OwnReview) -> NotesForm:
        return cls(formdata=None, data={"notes": own.notes, "version": str(own.version)})

    @property
    def text(self) -> str:
        return self.notes.data or ""

    @property
    def seen(self) -> int:
        return int(self.version.data) if (self.version.data or "").isdecimal() else 0


class VoteForm(FlaskForm):
    """One's vote on an appeal, with its reason."""

    called = "vote"
    vote = RadioField(
        "Your vote", choices=choices((move.value, words) for move, words in VOTE_WORDS.items()), validate_choice=False
    )
    reason = TextAreaField("Why", description="The other reviewers read it after they have voted.")

    @classmethod
    def about(cls, own: OwnReview) -> VoteForm:
        return cls(formdata=None, data={"vote": own.vote or None, "reason": own.vote_reason})


class RulingForm(FlaskForm):
    """What the lead reviewer writes. `move` is what the votes carried when the page was shown."""

    called = "ruling"
    move = HiddenField()
    remedy = RadioField("What follows?", validate_choice=False)
    reasons = TextAreaField("Reasons", description="The provider reads them. Say what was found, not who said it.")
    changes = TextAreaField(
        "What changes", description="Needed where the appeal is upheld in part. The provider reads it."
    )

    @classmethod
    def about(cls, page: AppealReview) -> RulingForm:
        form = cls(formdata=None, data={"move": page.carried})
        form.offer(page)
        return form

    def offer(self, page: AppealReview) -> None:
        self.remedy.choices = choices((remedy.value, REMEDY_WORDS[remedy]) for remedy in page.remedies)

    def ruling(self) -> Ruling:
        return Ruling(self.move.data or "", self.remedy.data or "", self.reasons.data or "", self.changes.data or "")


class AnswerForm(FlaskForm):
    """The answer to a complaint."""

    called = "answer"
    outcome = RadioField(
        "Outcome", choices=choices((move.value, words) for move, words in ANSWER_WORDS.items()), validate_choice=False
    )
    letter = TextAreaField(
        "The answer with its reasons",
        description="Whoever complained reads it. Name nobody who gave you something in confidence.",
    )
    follow = RadioField(
        "What follows?",
        choices=choices((value, words) for value, words in FOLLOW_WORDS.items() if value),
        validate_choice=False,
    )
    follow_words = TextAreaField("What exactly should follow", description="For the managers alone.")

    @classmethod
    def fresh(cls) -> AnswerForm:
        return cls(formdata=None)

    def answer(self) -> Answer:
        return Answer(
            self.outcome.data or "", self.letter.data or "", self.follow.data or "", self.follow_words.data or ""
        )

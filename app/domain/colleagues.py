"""What colleagues may say to each other on a criterion, and how one hands a criterion to another."""

from datetime import date

from app.domain.errors import Invalid

LONGEST_COMMENT = 2_000
LONGEST_NOTE = 500
MOST_COMMENTS = 200
"""On one criterion. Beyond it nobody reads them; the first ones are taken back or it is settled elsewhere."""


def checked_comment(text: str) -> str:
    """The comment as it is kept: ends trimmed, line ends as they are. Raises Invalid on `comment`."""
    words = text.strip()
    if not words:
        raise Invalid({"comment": "Write a comment first."})
    if len(words) > LONGEST_COMMENT:
        raise Invalid(
            {"comment": f"A comment may have at most {LONGEST_COMMENT:,} characters. This one has {len(words):,}."}
        )
    return words


def check_handing_over(codes: int, to_id: int | None, due_on: date | None, note: str, today: date) -> None:
    """Refuse what cannot be handed over, all at once. `codes` counts the criteria. Raises Invalid."""
    errors: dict[str, str] = {}
    if not codes:
        errors["codes"] = "Tick the criteria that you want to hand over."
    if to_id is None:
        errors["to"] = "Choose the colleague who takes this on."
    if due_on is not None and due_on < today:
        errors["due_on"] = "The date is in the past. Choose today or a later day."
    if len(note.strip()) > LONGEST_NOTE:
        errors["note"] = f"Keep the note under {LONGEST_NOTE:,} characters. It has {len(note.strip()):,}."
    if errors:
        raise Invalid(errors)


def is_open(whole_then: bool, whole_now: bool) -> bool:
    """Whether a criterion that was handed over still waits. One that was whole already waits for a person to say so."""
    return whole_then or not whole_now

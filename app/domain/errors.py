"""What the rules of a scheme refuse, and the sentence that tells the person why."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal. Its message is a sentence for the person who asked, saying what to do where something can be done."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class NotAllowed(DomainError):
    """This person may not do this."""


class NotFound(DomainError):
    """There is no such thing, or none that this person may know of."""


class Incomplete(DomainError):
    """Something that is needed first is missing. `missing` holds the codes of it, in order, where they are known."""

    def __init__(self, message: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class OffScale(DomainError):
    """A score is not a point of its criterion's scale."""


class IllegalMove(DomainError):
    """The life of the thing has no such move from where it stands."""


class Conflict(DomainError):
    """Somebody else changed it meanwhile."""


class Invalid(DomainError):
    """What was entered cannot be right. `errors` maps a field's name to a sentence about it."""

    def __init__(self, errors: Mapping[str, str], message: str = "") -> None:
        super().__init__(message or " ".join(errors.values()))
        self.errors: dict[str, str] = dict(errors)


def check_length(text: str, longest: int, field: str) -> None:
    """Refuse a text of more than `longest` characters rather than keep a part of it. Raises Invalid on `field`."""
    if len(text.strip()) > longest:
        raise Invalid({field: f"Keep this under {longest:,} characters. It has {len(text.strip()):,}."})


class Throttled(DomainError):
    """Too many tries in a short time. `retry_after` is the wait in seconds, where it is known."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after

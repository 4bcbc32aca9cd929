"""What a holder is asked once a year while its award runs, and when that is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import Invalid

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Part:
    """One question. `asks` goes on after the title, `must` says whether it has to be answered."""

    code: str
    title: str
    asks: str
    must: bool = True


PARTS = (
    Part(
        "people",
        "People who lead and people at work",
        "Trustees, managers and staff who came or went, posts that are empty, and who is responsible for safeguarding now.",
    ),
    Part(
        "services",
        "Services and places",
        "What you began, ended or moved, and whom you now serve that you did not before.",
    ),
    Part(
        "incidents",
        "Incidents",
        "Serious incidents and safeguarding concerns, to whom they were reported, and what you changed.",
    ),
    Part("complaints", "Complaints", "How many there were, what they were about, and how they ended."),
    Part("money", "Money", "Whether the year's accounts are in, and anything that puts your services at risk."),
    Part("conditions", "Conditions and findings", "What you did about those that were open. Leave out what is closed."),
    Part("feedback", "Anything else", "What we should know, and what we could do better.", must=False),
)
BY_CODE = {part.code: part for part in PARTS}


@dataclass(frozen=True, slots=True)
class YearlyReturn:
    """What a holder says. `said` maps the parts to words, `again` the criteria asked about again.

    `confirmed` that a lead says it is true. `seen` is what the return was when its page was opened; empty asks nothing.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    again: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    seen: str = ""

    def kept(self, criteria: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """The words of the parts and of the criteria that are asked, without spaces around them.

        Raises Invalid, by the names of `field_of`, where one is too long.
        """
        said = {part.code: self.said.get(part.code, "").strip() for part in PARTS}
        again = {code: self.again.get(code, "").strip() for code in criteria}
        words = {field_of(code): text for code, text in (*said.items(), *again.items())}
        errors = {
            name: f"Keep this under {LONGEST:,} characters. It has {len(text):,}."
            for name, text in words.items()
            if len(text) > LONGEST
        }
        if errors:
            raise Invalid(errors)
        return said, again

    def check(self, criteria: Sequence[str]) -> None:
        """Refuse to send what is not finished. Raises Invalid."""
        said, again = self.kept(criteria)
        errors = {
            field_of(part.code): f"{part.title}: write what has changed, or “Nothing”."
            for part in PARTS
            if part.must and not said[part.code]
        }
        errors |= {field_of(code): f"{code}: say how it stands today." for code, text in again.items() if not text}
        if not self.confirmed:
            errors["confirmed"] = "Confirm that this is true and complete."
        if errors:
            raise Invalid(errors)


def field_of(code: str) -> str:
    """The name of the form's field for a part or a criterion."""
    return f"part-{code}" if code in BY_CODE else f"again-{code}"

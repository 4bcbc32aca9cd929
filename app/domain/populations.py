"""What a sample is drawn from: numbers of a range, or references from a list, and the hash that proves which they were."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from app.domain.errors import Invalid

MOST = 10_000
LONGEST = 80
_RANGE = re.compile(r"(\d{1,9})(?:\s*(?:-|–|to)\s*(\d{1,9}))?", re.IGNORECASE)


def members_of_range(text: str) -> tuple[str, ...]:
    """The whole numbers that "1-240, 300 to 310" names, as text, in rising order. Raises Invalid on `population`."""
    numbers: set[int] = set()
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise Invalid(
                {"population": f"“{part}” is no range. Write it like 1-240, several with commas between them."}
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first or last - first >= MOST:
            raise Invalid(
                {"population": f"In “{part}” the last number must be above the first, by less than {MOST:,}."}
            )
        numbers.update(range(first, last + 1))
    return _checked([str(number) for number in sorted(numbers)])


def members_of_list(text: str) -> tuple[str, ...]:
    """The references on a list, one on each line, or on one line with commas between them. Raises Invalid on `population`."""
    lines = text.strip().replace("\r\n", "\n")
    found = [" ".join(each.split()) for each in (lines.split("\n") if "\n" in lines else re.split(r"[,;\t]", lines))]
    members = [each for each in found if each]
    long = next((each for each in members if len(each) > LONGEST), None)
    if long:
        raise Invalid({"population": f"A reference may have {LONGEST} characters: “{long[:30]}…” has more."})
    twice = next((each for each, times in Counter(members).items() if times > 1), None)
    if twice:
        raise Invalid({"population": f"“{twice}” is on the list twice. Take one of them out."})
    return _checked(members)


def _checked(members: list[str]) -> tuple[str, ...]:
    if not members:
        raise Invalid({"population": "Say what there is to draw from."})
    if len(members) > MOST:
        raise Invalid({"population": f"Draw from at most {MOST:,} at once."})
    return tuple(members)


def population_hash(members: Iterable[str]) -> str:
    """SHA-256, in hex, of the members in the order of their code points, each in UTF-8 with a line feed after it.

    So the same members give the same hash in whichever order somebody holds them: `sort | sha256sum` in the C locale.
    """
    return sha256("".join(f"{member}\n" for member in sorted(members)).encode()).hexdigest()

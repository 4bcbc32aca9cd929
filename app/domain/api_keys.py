"""Keys to the open APIs: they open nothing that is closed, and allow more requests."""

from __future__ import annotations

from app.domain.errors import Invalid

MOST_KEYS = 5
"""How many one person may have at a time."""
LONGEST_NAME = 60
SHOWN = 8
"""How much of a key is kept in plain words, so that its owner can tell which it is."""


def key_name(text: str) -> str:
    """What somebody calls a key, tidied. Raises Invalid for `name`."""
    name = " ".join(text.split())
    if not name:
        raise Invalid({"name": "Give the key a name, such as the program that will use it."})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": f"The name may have {LONGEST_NAME} characters. Make it shorter."})
    return name

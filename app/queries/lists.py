"""The lists of codes under standards/lists, read once: services, client groups, types of organisation."""

from __future__ import annotations

from functools import lru_cache

from app.frameworks import ListItem, load_list

SERVICES = "service-types"
CLIENT_GROUPS = "client-groups"
ORGANISATION_TYPES = "organisation-types"
LANGUAGES = "languages"
ACCESS = "access-features"
SERVICES_IN_WELSH = "service-types-cy"
SAME_WORDS = "same-words"


@lru_cache(maxsize=8)
def items(name: str) -> tuple[ListItem, ...]:
    """Every code of a list, in the order of the file."""
    return load_list(name)


@lru_cache(maxsize=8)
def titles(name: str) -> dict[str, str]:
    """Each code's title."""
    return {item.code: str(item.title) for item in items(name)}


def title(name: str, code: str) -> str:
    """A code's title; the code itself where the list has lost it."""
    return titles(name).get(code, code)

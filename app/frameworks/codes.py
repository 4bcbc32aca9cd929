"""Codes of shared lists that rules name: each must be on its list. Places are found again through the document's paths."""

from collections.abc import Iterable

from app.domain.framework import Fact, Framework
from app.frameworks.problems import Path, Problems, suggestion


def check_list_codes(framework: Framework, fact: Fact, known: Iterable[str], problems: Problems) -> None:
    """Notes every code that a rule about `fact` names and its list does not hold."""
    codes = list(known)
    for path in _places_of(fact.code, problems):
        code = problems.texts.get(path)
        if code is not None and code not in codes:
            problems.add(path, f"`{code}` is not on the list {fact.list}{suggestion(code, codes)}")


def _places_of(fact: str, problems: Problems) -> list[Path]:
    """Paths of the codes below every use of the fact in a rule: {fact: code}, {fact: {includes: code or list}}."""
    found = []
    for path in problems.texts:
        if path[0] == "facts" or fact not in path[1:]:
            continue
        below = [part for part in path[path.index(fact) + 1 :] if not isinstance(part, int)]
        if below in ([], ["includes"]):
            found.append(path)
    return found

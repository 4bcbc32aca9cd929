"""Framework files: YAML in, the domain's Framework or every mistake at once out."""

import hashlib
from functools import lru_cache
from pathlib import Path

from app.domain.framework import Framework
from app.frameworks.checking import check, check_source
from app.frameworks.problems import FrameworkInvalid, Problem, Problems
from app.frameworks.read import read_framework
from app.frameworks.schemes import ListItem, Scheme, load_list, load_scheme

__all__ = [
    "FrameworkInvalid",
    "ListItem",
    "Problem",
    "Scheme",
    "check",
    "check_source",
    "digest",
    "load",
    "load_list",
    "load_scheme",
    "read",
]


def digest(source: str) -> str:
    """What an edition is known by for ever: the SHA-256 of its text, in hex."""
    return hashlib.sha256(source.encode("utf-8")).hexdigest()


def read(source: str, name: str) -> Framework:
    """The framework in `source`; `name` is the file's name in messages. Raises FrameworkInvalid with every mistake.

    The same text gives the same object while it is remembered, so that pinned editions cost nothing to read again.
    """
    return _read(digest(source), _Source(source, name))


def load(path: Path) -> Framework:
    """The framework in a file. Raises FrameworkInvalid, FileNotFoundError."""
    return read(path.read_text("utf-8"), str(path))


class _Source:
    """A text that does not count towards the cache's key: the digest before it does."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source)


@lru_cache(maxsize=64)
def _read(_digest: str, source: _Source) -> Framework:
    problems = Problems(source.name)
    framework = read_framework(source.text, problems)
    if framework is None or problems.found:
        raise FrameworkInvalid(problems.in_order())
    return framework

"""Which languages a file speaks, where it says so: texts in others are mistakes, missing ones can be listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import Schema

from app.domain.wording import FALLBACK
from app.frameworks import clause_shapes, positions, schemas
from app.frameworks import fields as f
from app.frameworks.problems import Path, Place, Problem, Problems, suggestion

TEXTS_BELOW = {
    ("scales", 2): ("points", "words"),
    ("facts", 2): ("choices",),
}
"""Where every key of a group holds a text: the part of the file, how deep the group's name stands, and that name."""


RULES = frozenset({"applies", "when", "facts"})


def read_languages(data: Any, problems: Problems) -> tuple[str, ...]:
    """The languages in order, the first the one that is shown where another is missing."""
    path: Path = ("languages",)
    if not isinstance(data, list) or not data:
        problems.add(
            path, "expected a list of language codes, such as [en, cy]; the first is shown where one is missing"
        )
        return ()
    languages: list[str] = []
    for index, entry in enumerate(data):
        if not isinstance(entry, str) or not f.LANGUAGE.fullmatch(entry):
            problems.add((*path, index), f"`{entry}` is no language code; write en, cy, pl ...")
        elif entry in languages:
            problems.add((*path, index), f"the language `{entry}` stands here twice")
        else:
            languages.append(entry)
    if languages:
        _check_declared(languages, problems)
    return tuple(languages)


def _check_declared(languages: list[str], problems: Problems) -> None:
    for path in list(problems.keys):
        language = path[-1]
        # Most keys are told apart by their form alone: a file of thousands of criteria has very many of them.
        if not isinstance(language, str) or (len(language) > 3 and "-" not in language) or language in languages:
            continue
        if f.LANGUAGE.fullmatch(language) and _is_text(path[:-1]):
            message = f"`{language}` is not among the `languages` of this file{suggestion(language, languages)}"
            problems.add_at_key(path, message)


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a file: where it stands, and its languages; none where it is one plain string."""

    path: Path
    place: Place
    languages: tuple[str, ...]

    def has(self, language: str, first: str) -> bool:
        """Whether it is written in that language. A plain string is in the first language of the file."""
        return language in self.languages if self.languages else language == first


def texts_in(problems: Problems) -> Iterator[Written]:
    """Every text of the document that `problems` knows the places of, in the order of the file."""
    inside: dict[Path, list[str]] = {}
    for path in problems.keys:
        if _is_text(path[:-1]):
            inside.setdefault(path[:-1], []).append(str(path[-1]))
    for path, place in problems.values.items():
        if not _is_text(path):
            continue
        if path in problems.texts:
            yield Written(path, place, ())
        elif all(f.LANGUAGE.fullmatch(key) for key in inside.get(path, ["-"])):
            yield Written(path, place, tuple(inside[path]))


def _is_text(path: Path) -> bool:
    """Whether a text stands here. A rule asks facts by their codes, which may well be called `title`."""
    if not path or path[0] == "names" or RULES.intersection(path[1:-1]):
        return False
    if isinstance(path[-1], int):
        return path[-2] in _text_lists()
    return path[-1] in _text_keys() or _names_texts(path)


def _names_texts(path: Path) -> bool:
    return len(path) == 4 and path[2] in TEXTS_BELOW.get((str(path[0]), 2), ())


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """How many of all `texts` each language has, in the order of the file, and every place where one is missing."""

    first: str
    texts: int
    written: dict[str, int]
    missing: tuple[Problem, ...]


def language_report(source: str, name: str) -> LanguageReport:
    """What a file without mistakes says in which language. Where it declares none, those that it uses count."""
    problems = Problems(name)
    document = positions.load(source, problems)
    texts = list(texts_in(problems))
    languages = list(document["languages"]) if "languages" in document else _used(texts)
    missing = [
        Problem(name, *text.place, f"`{language}` is missing")
        for text in texts
        for language in languages
        if not text.has(language, languages[0])
    ]
    written = {language: sum(text.has(language, languages[0]) for text in texts) for language in languages}
    return LanguageReport(languages[0], len(texts), written, tuple(sorted(missing)))


def _used(texts: list[Written]) -> list[str]:
    used = {language for text in texts for language in text.languages} - {FALLBACK}
    return [FALLBACK, *sorted(used)]


@cache
def _text_keys() -> frozenset[str]:
    """The keys whose value is a text, taken from the shapes, so that a new key is never forgotten here."""
    return frozenset(name for name, field in _fields() if isinstance(field, f.Parsed) and field.parse is f.words)


@cache
def _text_lists() -> frozenset[str]:
    """The keys whose value is a list of texts."""
    return frozenset(
        name
        for name, field in _fields()
        if isinstance(inner := getattr(field, "inner", None), f.Parsed) and inner.parse is f.words
    )


def _fields() -> Iterator[tuple[str, Any]]:
    for module in (schemas, clause_shapes):
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, Schema):
                for name, field in shape._declared_fields.items():
                    yield field.data_key or name, field

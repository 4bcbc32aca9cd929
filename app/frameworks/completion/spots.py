"""What may stand at a place of a framework file: keys of a group, items of a list, or words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from marshmallow import Schema, fields

from app.frameworks import fields as f
from app.frameworks.completion.cursor import ITEM
from app.frameworks.completion.outline import Names, Outline
from app.frameworks.completion.vocabulary import about_key, about_value
from app.frameworks.schemas import Shape

YES_NO = ("true", "false")


@dataclass(frozen=True)
class Known:
    """What the text says of itself, and the lists that all schemes share: name -> codes with titles."""

    outline: Outline
    lists: Mapping[str, Names]


@dataclass(frozen=True)
class Offer:
    """A key or word that may be written. `opens` says that what follows a key stands on lines of its own."""

    word: str
    about: str = ""
    needed: bool = False
    opens: bool = False


class Spot(Protocol):
    """A place. `below` is the place at a key or item (`ITEM`) of it, None where nothing is known of one."""

    def below(self, part: str, known: Known) -> Spot | None: ...

    def keys(self, known: Known) -> list[Offer]: ...

    def words(self, known: Known) -> list[Offer]: ...


@dataclass(frozen=True)
class Words:
    """One of some words, or a list of them. `choices` gives each word with what it is for."""

    choices: Callable[[Known], Names]

    def below(self, part: str, known: Known) -> Spot | None:
        return self if part == ITEM else None

    def keys(self, known: Known) -> list[Offer]:
        return []

    def words(self, known: Known) -> list[Offer]:
        return [Offer(word, about) for word, about in self.choices(known).items()]


def fixed(key: str, words: tuple[str, ...]) -> Words:
    return Words(lambda known: {word: about_value(key, word) for word in words})


@dataclass(frozen=True)
class ListOf:
    """A list, each of whose items is `inner`."""

    inner: Spot

    def below(self, part: str, known: Known) -> Spot | None:
        return self.inner if part == ITEM else None

    def keys(self, known: Known) -> list[Offer]:
        return []

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class Named:
    """A group whose keys the writer chooses; `offered` are those that are known already, such as levels."""

    inner: Spot
    offered: Callable[[Known], Names] = lambda known: {}

    def below(self, part: str, known: Known) -> Spot | None:
        return self.inner if part != ITEM else None

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about) for word, about in self.offered(known).items()]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class Either:
    """What may be written in one of two ways: most often as a group of keys or as a word."""

    group: Spot
    word: Spot

    def below(self, part: str, known: Known) -> Spot | None:
        return self.group.below(part, known) or self.word.below(part, known)

    def keys(self, known: Known) -> list[Offer]:
        return [*self.group.keys(known), *self.word.keys(known)]

    def words(self, known: Known) -> list[Offer]:
        return [*self.group.words(known), *self.word.words(known)]


@dataclass(frozen=True)
class Group:
    """The keys of one shape of the format. `inside` says what stands at keys of which the shape says nothing itself.

    `more` are keys that the framework names itself, such as `standards`, with what stands there.
    """

    shape: type[Shape]
    inside: Mapping[tuple[str, str], Spot]
    more: Mapping[str, tuple[Spot, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.shape.__name__.removesuffix("Shape")

    def below(self, part: str, known: Known) -> Spot | None:
        if part in self.more:
            return self.more[part][0]
        return self._inside(part)

    def _inside(self, key: str) -> Spot | None:
        if (self.name, key) in self.inside:
            return self.inside[self.name, key]
        found = next((each for name, each in _fields(self.shape).items() if (each.data_key or name) == key), None)
        return self._of_field(key, found)

    def _of_field(self, key: str, field_: fields.Field[object] | None) -> Spot | None:
        if isinstance(field_, fields.List):
            inner = self._of_field(key, field_.inner)
            return ListOf(inner) if inner else None
        if isinstance(field_, fields.Nested):
            return Group(type(field_.schema), self.inside)  # type: ignore[arg-type]  # every schema here is a Shape
        if isinstance(field_, f.Parsed) and isinstance(field_.parse, f.OneOf):
            return fixed(key, field_.parse.choices)
        if isinstance(field_, f.Parsed) and field_.parse is f.flag:
            return fixed(key, YES_NO)
        return None

    def keys(self, known: Known) -> list[Offer]:
        offers = [self._offer(name, each) for name, each in _fields(self.shape).items()]
        offers += [Offer(key, about, opens=True) for key, (_, about) in self.more.items()]
        return sorted(offers, key=lambda offer: not offer.needed)

    def _offer(self, name: str, field_: fields.Field[object]) -> Offer:
        key = field_.data_key or name
        opens = isinstance(self._inside(key), Group | ListOf | Named)
        return Offer(key, about_key(self.name, key), bool(field_.required), opens)

    def words(self, known: Known) -> list[Offer]:
        return []


_FIELDS: dict[type[Schema], dict[str, fields.Field[object]]] = {}


def _fields(shape: type[Schema]) -> dict[str, fields.Field[object]]:
    if shape not in _FIELDS:
        _FIELDS[shape] = dict(shape().fields)
    return _FIELDS[shape]

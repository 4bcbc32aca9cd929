"""Telling two values apart, field by field, so that no difference goes untold.

A field that has a teller of its own is told in its words. Any other, even one that is new to the format, is told by
what it is: texts by language, mappings and coded things one by one, the rest as "X is now Y, before Z".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from app.domain.framework import Framework
from app.domain.matching import Matches
from app.domain.wording import FALLBACK, Text
from app.frameworks.diff.change import Change, Kind, Scene
from app.frameworks.diff.words import field_name, fits, in_words, quoted
from app.frameworks.in_words import language_name

Teller = Callable[["Telling", Scene, Any, Any], Iterable[Change] | None]
"""Tells how one field of two things differs: the two editions, the scene, the field's value before and after.

None where another change tells it already.
"""


class Telling:
    """The two editions being compared, which criterion is which, and who tells which field of what."""

    def __init__(
        self, old: Framework, new: Framework, matches: Matches, tellers: Mapping[tuple[type, str], Teller]
    ) -> None:
        self.old, self.new, self.matches, self.tellers = old, new, matches, tellers

    def things(self, scene: Scene, old: Any, new: Any, skip: Iterable[str] = ()) -> Iterator[Change]:
        """Every field in which two things of one kind differ, except those in `skip`."""
        for field in fields(new):
            before, after = getattr(old, field.name), getattr(new, field.name)
            if field.name in skip or before == after:
                continue
            teller = self.tellers.get((type(new), field.name))
            told = teller(self, scene, before, after) if teller else ()
            if told is not None:
                yield from list(told) or self.values(scene, field_name(field.name), before, after)

    def values(self, scene: Scene, name: str, before: Any, after: Any) -> Iterator[Change]:
        """How two values differ that are called `name`. Nothing only where they are equal."""
        if before == after:
            return
        if isinstance(before, Text) and isinstance(after, Text):
            told = wording(scene, name, before, after)
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            told = self.keyed(scene, name, before, after)
        elif coded(before) and coded(after):
            told = self.coded(scene, name, before, after)
        elif _has_fields(after) and type(before) is type(after) and scene.kind is not Kind.LIMITS:
            told = self.things(scene.of(f"{scene.name}, {name}"), before, after)
        else:
            told = iter(())
        yield from list(told) or [self.plain(scene, name, before, after)]

    def plain(self, scene: Scene, name: str, before: Any, after: Any) -> Change:
        """One value instead of another, in the sentence where they are short and beside it where they are not."""
        was, now = in_words(before, self.old.facts), in_words(after, self.new.facts)
        if was != now and fits(was, now):
            return scene.told(f"{scene.name}: {name} is {now} instead of {was}.")
        return scene.told(f"{scene.name}: {name} has changed.", was, now)

    def keyed(self, scene: Scene, name: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Change]:
        """What was added to a mapping, what was taken away, and what differs under the same key."""
        for key in after.keys() - before.keys():
            said = in_words(after[key], self.new.facts)
            yield scene.told(f"{scene.name}: {name} {quoted(key)} is new.", "", said)
        for key in before.keys() - after.keys():
            said = in_words(before[key], self.old.facts)
            yield scene.told(f"{scene.name}: {name} {quoted(key)} is gone.", said, "")
        for key in before.keys() & after.keys():
            yield from self.values(scene, f"{name} {quoted(key)}", before[key], after[key])

    def coded(self, scene: Scene, name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        """The same for things that carry codes, and whether they stand in another order."""
        olds, news = {each.code: each for each in before}, {each.code: each for each in after}
        yield from sorted(self.keyed(scene, name, olds, news), key=lambda change: change.sentence)
        yield from reordered(scene, name, list(olds), list(news))


def _has_fields(value: Any) -> bool:
    """Whether it is made of parts that are told one by one. What has words of its own, as a length of time, is not."""
    return is_dataclass(value) and type(value).__str__ is object.__str__


def coded(value: Any) -> bool:
    """Whether it is a row of things with a code each, none twice."""
    if not isinstance(value, tuple) or not all(is_dataclass(each) and hasattr(each, "code") for each in value):
        return False
    return len({each.code for each in value}) == len(value)


def reordered(scene: Scene, name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """One change where what is in both stands in another order."""
    both = set(before) & set(after)
    olds, news = [code for code in before if code in both], [code for code in after if code in both]
    if olds != news:
        sentence = f"{scene.name}: {name} stand in another order."
        yield scene.told(sentence, ", ".join(olds), ", ".join(news), kind=Kind.ORDER)


def wording(scene: Scene, name: str, before: Text, after: Text) -> Iterator[Change]:
    """How a text differs, language by language."""
    olds, news = dict(before.by_language), dict(after.by_language)
    for language in dict.fromkeys((*olds, *news)):
        was, now = olds.get(language, ""), news.get(language, "")
        if was == now:
            continue
        called = name if language == FALLBACK else f"{name} in {language_name(language)}"
        yield scene.told(
            _worded(scene.name, called, was.strip(), now.strip()),
            was,
            now,
            kind=Kind.WORDING,
            language="" if language == FALLBACK else language,
        )


def _worded(subject: str, name: str, was: str, now: str) -> str:
    if not was:
        return f"{subject}: {name} is new."
    if not now:
        return f"{subject}: {name} is taken out."
    if " ".join(was.split()) == " ".join(now.split()):
        return f"{subject}: {name} has the same words on other lines."
    return f"{subject}: {name} has new wording."

"""How the same criterion differs between two editions, in a manager's words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.asks import EvidenceAsk, Learning, Lighter, Passport
from app.domain.conditions import Rule
from app.domain.crosslinks import MapsTo
from app.domain.framework import Criterion, Framework
from app.domain.scales import Scale
from app.domain.wording import Text, joined
from app.frameworks.diff.change import Change, Kind, Scene
from app.frameworks.diff.engine import Teller, Telling, reordered
from app.frameworks.diff.words import in_words, quoted


def _weight(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
    yield scene.told(f"{scene.name} weighs {in_words(after)} instead of {in_words(before)}.", kind=Kind.WEIGHT)


def _level(telling: Telling, scene: Scene, before: str, after: str) -> Iterator[Change]:
    was, now = level_title(telling.old, before), level_title(telling.new, after)
    if was == now:
        was, now = f"{was} ({before})", f"{now} ({after})"
    yield scene.told(f"{scene.name} counts from {now} instead of {was}.", kind=Kind.LEVEL)


def level_title(framework: Framework, code: str | None) -> str:
    """A level's title; "no award" for None, the code where no level has it."""
    titles = {level.code: str(level.title) for level in framework.levels}
    return titles.get(code, code) if code else "no award"


def _required(telling: Telling, scene: Scene, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Change]:
    """One sentence for all the levels at which the required point changed alike."""
    alike: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    ranks = [level.code for level in (*telling.new.levels, *telling.old.levels)]
    for level in dict.fromkeys((*ranks, *before, *after)):
        was, now = before.get(level), after.get(level)
        if was != now:
            alike[was, now].append(level)
    olds = telling.old.criterion(telling.matches[scene.code][0]).scale
    news = telling.new.criterion(scene.code).scale
    for (was, now), levels in alike.items():
        names = joined(_level_name(telling, level) for level in levels)
        needs = "needs" if len(levels) == 1 else "need"
        yield scene.told(_requirement(scene.name, names, needs, point(olds, was), point(news, now)), kind=Kind.REQUIRED)


def _level_name(telling: Telling, code: str) -> str:
    found = level_title(telling.new, code)
    return found if found != code else level_title(telling.old, code)


def _requirement(name: str, levels: str, needs: str, was: str, now: str) -> str:
    if not now:
        return f"{levels} no longer {needs} a point in {name}; before, at least {was}."
    return f"{levels} {needs} at least {now} in {name}; before, {f'at least {was}' if was else 'no point was needed'}."


def point(scale: Scale, value: int | None) -> str:
    """A point with its label, such as 2 (“In place”); empty for None."""
    if value is None:
        return ""
    if value not in scale.values:
        return str(value)
    label, said = scale.label_of(value), scale.said(value)
    return said if scale.span or said == quoted(label) else f"{said} ({quoted(label)})"


def _scale(telling: Telling, scene: Scene, before: Scale, after: Scale) -> Iterator[Change]:
    """Another scale, or the same one with an exception of its own."""
    if before.code != after.code:
        now, was = quoted(after.title or after.code), quoted(before.title or before.code)
        if now == was:
            now, was = quoted(after.code), quoted(before.code)
        yield scene.told(f"{scene.name} is scored on {now} instead of {was}.", kind=Kind.SCALE)
        return
    yield from telling.things(scene.of(f"{scene.name}, scale", Kind.SCALE), before, after)


def scale_told_elsewhere(telling: Telling, old: Scale, new: Scale) -> bool:
    """Whether both are the scale of that code as their edition declares it, so that its own change says everything."""
    same_code = old.code == new.code
    return same_code and telling.old.scales.get(old.code) == old and telling.new.scales.get(new.code) == new


def _applies(telling: Telling, scene: Scene, before: Rule | None, after: Rule | None) -> Iterator[Change]:
    was, now = in_words(before, telling.old.facts), in_words(after, telling.new.facts)
    if after is None:
        sentence = f"{scene.name} is asked of everyone; before, only when {was}."
    elif before is None:
        sentence = f"{scene.name} is asked only when {now}; before, of everyone."
    else:
        sentence = f"{scene.name} is asked when {now}; before, when {was}."
    yield scene.told(sentence, kind=Kind.APPLIES)


def _lighter(telling: Telling, scene: Scene, before: Lighter | None, after: Lighter | None) -> Iterator[Change]:
    was, now = in_words(before, telling.old.facts), in_words(after, telling.new.facts)
    if after is None:
        sentence = f"{scene.name} no longer asks less evidence of anyone; before, only {was}."
    elif before is None:
        sentence = f"{scene.name} asks less evidence of some: {now}."
    else:
        sentence = f"{scene.name} asks less evidence of others than before."
    yield scene.told(sentence, was if before else "", now if after else "", kind=Kind.LIGHTER)


def _evidence(
    telling: Telling, scene: Scene, before: tuple[EvidenceAsk, ...], after: tuple[EvidenceAsk, ...]
) -> Iterator[Change]:
    olds, news = {ask.code: ask for ask in before}, {ask.code: ask for ask in after}
    for code, ask in news.items():
        if code not in olds:
            yield scene.told(f"{scene.name} asks for more evidence: {in_words(ask)}.", kind=Kind.EVIDENCE)
        else:
            about = scene.of(f"{scene.name}, evidence {quoted(ask.title)}", Kind.EVIDENCE)
            yield from telling.things(about, olds[code], ask)
    for code, ask in olds.items():
        if code not in news:
            yield scene.told(f"{scene.name} no longer asks for this evidence: {in_words(ask)}.", kind=Kind.EVIDENCE)
    yield from reordered(scene, "the evidence asked for", list(olds), list(news))


def _passports(
    telling: Telling, scene: Scene, before: tuple[Passport, ...], after: tuple[Passport, ...]
) -> Iterator[Change]:
    for passport in after:
        if passport not in before:
            yield scene.told(f"{scene.name} is answered by {in_words(passport)} too.", kind=Kind.PASSPORTS)
    for passport in before:
        if passport not in after:
            yield scene.told(f"{scene.name} is no longer answered by {in_words(passport)}.", kind=Kind.PASSPORTS)


def _maps_to(telling: Telling, scene: Scene, before: tuple[MapsTo, ...], after: tuple[MapsTo, ...]) -> Iterator[Change]:
    olds, news = {str(link): link for link in before}, {str(link): link for link in after}
    for name, link in news.items():
        if name not in olds:
            yield scene.told(f"{scene.name} says the same as {name} ({_extent(link)}).", kind=Kind.MAPS_TO)
        elif olds[name] != link:
            sentence = f"{scene.name} says the same as {name} {_extent(link)}, not {_extent(olds[name])}."
            yield scene.told(sentence, kind=Kind.MAPS_TO)
    for name in olds:
        if name not in news:
            yield scene.told(f"{scene.name} no longer says the same as {name}.", kind=Kind.MAPS_TO)


def _extent(link: MapsTo) -> str:
    return "in full" if link.extent.value == "full" else "in part"


def _learn(
    telling: Telling, scene: Scene, before: tuple[Learning, ...], after: tuple[Learning, ...]
) -> Iterator[Change]:
    was = "\n".join(f"{each.title} {each.url}" for each in before)
    now = "\n".join(f"{each.title} {each.url}" for each in after)
    yield scene.told(f"{scene.name}: where to learn more has changed.", was, now, kind=Kind.LEARNING)


def _prompts(telling: Telling, scene: Scene, before: tuple[Text, ...], after: tuple[Text, ...]) -> Iterator[Change]:
    was, now = "\n".join(map(str, before)), "\n".join(map(str, after))
    yield scene.told(f"{scene.name}: what to look for has new wording.", was, now, kind=Kind.WORDING)


def _was(telling: Telling, scene: Scene, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    sentence = f"{scene.name} says otherwise which code it had before: {in_words(after)} instead of {in_words(before)}."
    yield scene.told(sentence, kind=Kind.OTHER)


CRITERION: Mapping[tuple[type, str], Teller] = {
    (Criterion, "weight"): _weight,
    (Criterion, "level"): _level,
    (Criterion, "required"): _required,
    (Criterion, "scale"): _scale,
    (Criterion, "applies"): _applies,
    (Criterion, "lighter"): _lighter,
    (Criterion, "evidence"): _evidence,
    (Criterion, "passports"): _passports,
    (Criterion, "maps_to"): _maps_to,
    (Criterion, "learn"): _learn,
    (Criterion, "prompts"): _prompts,
    (Criterion, "was"): _was,
}

"""How the terms beside the scores differ: the award, the assessment, the panel, and the facts that are asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from app.domain.framework import Fact
from app.domain.terms import AssessmentTerms, AwardTerms, PanelTerms, SuspensionTerms
from app.frameworks.diff.change import Change, Scene
from app.frameworks.diff.criteria import level_title
from app.frameworks.diff.engine import Teller, Telling, reordered
from app.frameworks.diff.words import in_words, quoted

SENTENCES = {
    (AwardTerms, "valid"): "{name} is valid for {now} instead of {was}.",
    (AwardTerms, "renewal_opens"): "{name}: renewal opens {now} before the end instead of {was}.",
    (AwardTerms, "restore_within"): "{name} can be restored within {now} after its end instead of {was}.",
    (
        AwardTerms,
        "surveillance_overdue",
    ): "{name}: when a regular look is overdue, the scheme will {now} instead of {was}.",
    (SuspensionTerms, "at_most"): "{name}: it lasts {now} at most instead of {was}.",
    (SuspensionTerms, "then"): "{name}: after its last day the scheme will {now} instead of {was}.",
    (AssessmentTerms, "assessors"): "{name}: the number of assessors is {now} instead of {was}.",
    (AssessmentTerms, "conflict_bar"): "{name}: nobody assesses whom they worked for in the last {now}; before, {was}.",
    (AssessmentTerms, "agreement_floor"): "{name}: the least agreement of two assessors is {now} instead of {was}.",
    (PanelTerms, "quorum"): "{name} needs {now} members instead of {was}.",
    (PanelTerms, "lay_members"): "{name} needs {now} lay members instead of {was}.",
}


def _in_a_sentence(sentence: str) -> Teller:
    def tell(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
        yield scene.told(sentence.format(name=scene.name, was=in_words(before), now=in_words(after)))

    return tell


def _surveillance(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
    now, was = (f"every {each}" if each else "never" for each in (after, before))
    yield scene.told(f"{scene.name}: surveillance is due {now} instead of {was}.")


def _provisional(telling: Telling, scene: Scene, before: bool, after: bool) -> Iterator[Change]:
    yield scene.told(f"{scene.name} {'is now' if after else 'is no longer'} provisional until it is confirmed.")


def _suspension(telling: Telling, scene: Scene, before: SuspensionTerms, after: SuspensionTerms) -> Iterator[Change]:
    yield from telling.things(scene.of(f"A suspension of {scene.name[0].lower()}{scene.name[1:]}"), before, after)


def _blind(telling: Telling, scene: Scene, before: bool, after: bool) -> Iterator[Change]:
    seen = "no longer see" if after else "now see"
    yield scene.told(f"{scene.name}: assessors {seen} each other's scores before they hand in.")


def _confidence(telling: Telling, scene: Scene, before: bool, after: bool) -> Iterator[Change]:
    asked = "now says" if after else "need no longer say"
    yield scene.told(f"{scene.name}: each score {asked} how sure its assessor is.")


def _by_level(
    telling: Telling, scene: Scene, before: Mapping[str, AwardTerms], after: Mapping[str, AwardTerms]
) -> Sequence[Change] | None:
    """What an award lasts at one level. None where each difference is one of every award."""
    shared = {f.name for f in fields(AwardTerms) if _same_change(telling, f.name, before, after)}
    found: list[Change] = []
    for code in dict.fromkeys((*before, *after)):
        about = scene.of(f"An award at {level_title(telling.new, code)}")
        was, now = before.get(code), after.get(code)
        if was is None or now is None:
            said = f"{about.name} has terms of its own{'' if now else ' no longer'}."
            found.append(about.told(said, in_words(was) if was else "", in_words(now) if now else ""))
        else:
            found += telling.things(about, was, now, shared)
    return found or (None if shared else [])


def _same_change(
    telling: Telling, name: str, before: Mapping[str, AwardTerms], after: Mapping[str, AwardTerms]
) -> bool:
    """Whether a term changed at every level as it changed for every award."""
    whole = (getattr(telling.old.award, name), getattr(telling.new.award, name))
    if name == "by_level" or whole[0] == whole[1] or before.keys() != after.keys():
        return False
    return all((getattr(before[code], name), getattr(after[code], name)) == whole for code in before)


def facts(telling: Telling, scene: Scene, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> Iterator[Change]:
    for code, fact in after.items():
        if code not in before:
            yield scene.told(f"Providers are asked for a new fact: {quoted(fact.title)}.")
        elif before[code] != fact:
            yield from telling.things(scene.of(f"The fact {quoted(fact.title)}"), before[code], fact)
    for code, fact in before.items():
        if code not in after:
            yield scene.told(f"Providers are no longer asked for a fact: {quoted(fact.title)}.")
    yield from reordered(scene, "the facts", list(before), list(after))


TERMS: Mapping[tuple[type, str], Teller] = {
    **{key: _in_a_sentence(sentence) for key, sentence in SENTENCES.items()},
    (AwardTerms, "surveillance"): _surveillance,
    (AwardTerms, "by_level"): _by_level,
    (AwardTerms, "provisional"): _provisional,
    (AwardTerms, "suspension"): _suspension,
    (AssessmentTerms, "blind"): _blind,
    (AssessmentTerms, "confidence"): _confidence,
}

"""What changes from one edition of a framework to another, in a scheme manager's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from app.domain.framework import Criterion, Framework, Node, Scale
from app.domain.matching import matches, matches_along
from app.domain.wording import Text
from app.frameworks.diff.change import KIND_TITLES, Change, Kind, Scene
from app.frameworks.diff.criteria import CRITERION
from app.frameworks.diff.engine import Teller, Telling, wording
from app.frameworks.diff.rules import OUTCOME, levels
from app.frameworks.diff.terms import TERMS, facts
from app.frameworks.diff.tree import Trees
from app.frameworks.diff.words import field_name

__all__ = ["KIND_TITLES", "Change", "Kind", "changes", "matches"]

WHOLE = "The whole framework"


def changes(old: Framework, new: Framework, between: Sequence[Framework] = ()) -> tuple[Change, ...]:
    """Everything in which `new` differs from `old`; nothing only where they say the same in every field.

    `between` are the editions that came between them, in order: a criterion that took a new code in one of them is
    found again. First what concerns the framework as a whole, then its tree in reading order, then what is gone.
    """
    telling = Telling(old, new, matches_along([old, *between, new]), TELLERS)
    return tuple([*_whole(telling), *Trees(telling).changes()])


def _whole(telling: Telling) -> Iterator[Change]:
    """The fields of the framework itself. One that is new to the format is told by what it is."""
    for field in fields(Framework):
        before, after = getattr(telling.old, field.name), getattr(telling.new, field.name)
        if field.name == "roots":
            continue
        kind, name, where = PLACES.get(field.name, (Kind.OTHER, "The framework", WHOLE))
        scene = Scene(kind, name, where)
        if field.name in WHOLES:
            yield from WHOLES[field.name](telling, scene, before, after) or ()
        elif field.name in PARTS:
            yield from telling.things(scene, before, after)
        else:
            yield from telling.values(scene, field_name(field.name), before, after)


def _edition(telling: Telling, scene: Scene, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield scene.told(f"This is edition {after} instead of {before}.")


def _tree_names(telling: Telling, scene: Scene, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    if before != after:
        was, now = " → ".join(before), " → ".join(after)
        yield scene.told(f"The parts of the framework are called {now} instead of {was}.")


def _scales(
    telling: Telling, scene: Scene, before: Mapping[str, Scale], after: Mapping[str, Scale]
) -> Iterator[Change]:
    for code, scale in after.items():
        name = f"The scale “{scale.title or code}”"
        if code not in before:
            yield scene.told(f"{name} is new.")
        else:
            yield from telling.things(scene.of(name), before[code], scale)
    for code in before:
        if code not in after:
            yield scene.told(f"The scale “{before[code].title or code}” is gone.")


def _node_title(telling: Telling, scene: Scene, before: Text, after: Text) -> Iterator[Change]:
    for change in wording(scene, "the title", before, after):
        sentence = (
            f"{scene.name} is called “{after}” instead of “{before}”." if not change.language else change.sentence
        )
        yield scene.told(sentence, change.before, change.after, language=change.language)


TELLERS: dict[tuple[type, str], Teller] = {
    **CRITERION,
    **OUTCOME,
    **TERMS,
    (Node, "title"): _node_title,
    (Node, "weight"): CRITERION[Criterion, "weight"],
}
WHOLES: dict[str, Teller] = {
    "edition": _edition,
    "tree_names": _tree_names,
    "scales": _scales,
    "facts": facts,
    "levels": levels,
}
PARTS = frozenset({"outcome", "award", "assessment", "panel", "clauses"})
PLACES = {
    "edition": (Kind.EDITION, "The edition", WHOLE),
    "title": (Kind.WORDING, "The framework", WHOLE),
    "summary": (Kind.WORDING, "The framework", WHOLE),
    "tree_names": (Kind.NODE, "The tree", WHOLE),
    "scales": (Kind.SCALE, "Scales", "Scales"),
    "facts": (Kind.FACTS, "The facts", "Facts about a provider"),
    "levels": (Kind.LEVELS, "Levels", "Levels and outcome"),
    "outcome": (Kind.METHOD, "The outcome", "Levels and outcome"),
    "award": (Kind.AWARD, "An award", "Award, assessment and panel"),
    "assessment": (Kind.ASSESSMENT, "The assessment", "Award, assessment and panel"),
    "clauses": (Kind.CLAUSES, "The scheme's clauses", "Clauses"),
    "panel": (Kind.PANEL, "A panel", "Award, assessment and panel"),
}

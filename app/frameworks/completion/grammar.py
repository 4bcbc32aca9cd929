"""The format as places: what stands where, from the top of a file down to the last word of a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from app.frameworks import clause_shapes as clauses
from app.frameworks import schemas
from app.frameworks.completion.conditions import LOW_FIRST, RuleSpot, WhenSpot
from app.frameworks.completion.outline import Names
from app.frameworks.completion.spots import Either, Group, Known, ListOf, Named, Spot, Words, fixed
from app.frameworks.outcome import WHOLE
from app.frameworks.raters import BELOW
from app.frameworks.ways import WORDS

SUMS = fixed("score", WORDS)
RATINGS = fixed("by", BELOW)


def place(path: tuple[str, ...], known: Known) -> Spot | None:
    """What may stand at a path of keys; None where the format says nothing of it."""
    spot: Spot | None = _top(known)
    for part in path:
        if spot is None:
            return None
        spot = spot.below(part, known)
    return spot


def _top(known: Known) -> Group:
    tree = known.outline.tree
    more = {tree[0][1]: (ListOf(_node(known, 0)), f"Every {_said(tree[0][0])}, from the first on.")} if tree else {}
    return Group(schemas.HeaderShape, inside(), more)


def _node(known: Known, depth: int) -> Group:
    """A node of the tree at `depth`, with the lists that it may hold."""
    tree = known.outline.tree
    leaf, leaves = tree[-1]
    more: dict[str, tuple[Spot, str]] = {}
    if depth + 2 < len(tree):
        one, many = tree[depth + 1]
        more[many] = (ListOf(_node(known, depth + 1)), f"Every {_said(one)} below it.")
    if depth + 1 < len(tree):
        more[leaves] = (
            ListOf(Group(schemas.CriterionShape, inside())),
            f"Every {_said(leaf)} that stands right below.",
        )
    return Group(schemas.NodeShape, inside(), more)


def _said(name: str) -> str:
    return name.replace("-", " ")


def _outline(what: str) -> Words:
    def names(known: Known) -> Names:
        found: Names = getattr(known.outline, what)
        return found

    return Words(names)


def _stages(known: Known) -> Names:
    """The names that a stage may have, from the lowest up."""
    names = {one: f"What each {_said(one)} gets from what is below it." for one, _ in reversed(known.outline.tree[:-1])}
    return {**names, WHOLE: "What the whole gets."}


def _chains(known: Known) -> Names:
    names = [one for one, _ in reversed(known.outline.tree)]
    if not names:
        return {}
    return {
        " -> ".join([*names, WHOLE]): "In stages: each level of the tree is summed up by itself.",
        f"{names[0]} -> {WHOLE}": "Flat: everything counts at once.",
    }


def _given(known: Known) -> Names:
    """What a band, a row or a limit may name: levels, the words of ratings, and what stands for no award."""
    return {**known.outline.levels, **known.outline.ratings, **known.outline.no_award}


def _tree_names(known: Known) -> Names:
    return {one: "" for one, _ in known.outline.tree}


def _by_level(inner: Spot) -> Named:
    return Named(inner, lambda known: known.outline.levels)


@cache
def inside() -> dict[tuple[str, str], Spot]:
    """What stands at keys whose shapes leave it open: (shape, key) -> place."""
    places: dict[tuple[str, str], Spot] = {}

    def group(shape: type[schemas.Shape]) -> Group:
        return Group(shape, places)

    for fill in (_header, _references, _judging, _clauses):
        places.update(fill(group))
    return places


Make = Callable[[type[schemas.Shape]], Group]


def _header(group: Make) -> dict[tuple[str, str], Spot]:
    return {
        ("Header", "names"): group(schemas.NamesShape),
        ("Names", "tree"): ListOf(group(schemas.TreeNameShape)),
        ("Header", "scales"): Named(group(schemas.ScaleShape)),
        ("Scale", "points"): Named(group(schemas.PointShape)),
        ("Scale", "words"): Named(group(schemas.PointShape)),
        ("Scale", "range"): group(schemas.RangeShape),
        ("Header", "facts"): Named(group(schemas.FactShape)),
        ("Header", "ratings"): ListOf(group(schemas.RatingShape)),
        ("Header", "levels"): ListOf(group(schemas.LevelShape)),
        ("Header", "outcome"): group(schemas.OutcomeShape),
        ("Level", "after"): group(clauses.PrerequisiteShape),
    }


def _references(group: Make) -> dict[tuple[str, str], Spot]:
    levels, grades, nodes = _outline("levels"), _outline("grades"), _outline("nodes")
    return {
        ("Fact", "list"): Words(lambda known: dict.fromkeys(known.lists, "A list that all schemes share.")),
        ("Criterion", "scale"): _outline("scales"),
        ("Criterion", "level"): levels,
        ("Criterion", "required"): _by_level(Words(lambda known: {})),
        ("Criterion", "applies"): RuleSpot(),
        ("Criterion", "maps_to"): ListOf(group(schemas.MapsToShape)),
        ("Lighter", "when"): RuleSpot(),
        ("Band", "is"): Words(_given),
        ("Limit", "at_most"): Words(_given),
        ("Prerequisite", "level"): levels,
        ("Point", "finding"): grades,
        ("Grade", "holds_at"): levels,
        ("Escalation", "of"): grades,
        ("Escalation", "become"): grades,
        ("Escalation", "in_one"): Words(_tree_names),
        ("Gate", "after"): _outline("gates"),
        ("Gate", "facts"): RuleSpot(),
        ("Reassess", "criteria"): nodes,
    }


def _judging(group: Make) -> dict[tuple[str, str], Spot]:
    way = Either(Either(group(schemas.AtLeastShape), group(schemas.StartFromShape)), SUMS)
    rater = Either(group(schemas.RaterShape), RATINGS)
    bands, rows, limits = (ListOf(group(shape)) for shape in (schemas.BandShape, schemas.RowShape, schemas.LimitShape))
    return {
        ("Node", "score"): way,
        ("Node", "rate"): rater,
        ("Outcome", "of"): Words(_chains),
        ("Outcome", "score"): Either(Named(way, _stages), SUMS),
        ("Outcome", "rate"): Named(rater, _tree_names),
        ("Outcome", "rounding"): Either(group(schemas.RoundingShape), fixed("rounding", ("none",))),
        ("Outcome", "bands"): bands,
        ("Outcome", "needs"): Either(_by_level(WhenSpot()), WhenSpot()),
        ("Outcome", "table"): rows,
        ("Outcome", "by"): RATINGS,
        ("Outcome", "limits"): limits,
        ("Rater", "bands"): bands,
        ("Rater", "table"): rows,
        ("Rater", "limits"): limits,
        ("Row", "when"): WhenSpot(),
        ("Row", "is"): Words(_given),
        ("Row", "otherwise"): Words(_given),
        ("Limit", "when"): WhenSpot(LOW_FIRST),
        ("StartFrom", "start_from"): SUMS,
        ("StartFrom", "add"): ListOf(group(schemas.ModifierShape)),
        ("Modifier", "when"): WhenSpot(),
    }


def _clauses(group: Make) -> dict[tuple[str, str], Spot]:
    return {
        ("Header", "award"): group(clauses.AwardShape),
        ("Award", "by_level"): _by_level(group(schemas.LevelTermsShape)),
        ("Award", "reassess"): group(clauses.ReassessShape),
        ("Award", "suspension"): group(clauses.SuspensionShape),
        ("Header", "assessment"): group(clauses.AssessmentShape),
        ("Assessment", "samples"): Named(group(clauses.SampleShape)),
        ("Header", "panel"): group(clauses.PanelShape),
        ("Header", "gates"): ListOf(group(clauses.GateShape)),
        ("Gate", "self_assessment"): group(clauses.SelfAssessedShape),
        ("Header", "findings"): group(clauses.FindingsShape),
        ("Findings", "grades"): ListOf(group(clauses.GradeShape)),
        ("Findings", "escalation"): ListOf(group(clauses.EscalationShape)),
        ("Header", "members"): group(clauses.MembersShape),
        ("Header", "publication"): group(clauses.PublicationShape),
        ("Header", "retention"): group(clauses.RetentionShape),
    }

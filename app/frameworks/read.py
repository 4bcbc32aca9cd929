"""A framework file from its text to the domain's Framework, or to all of its mistakes."""

from typing import Any, TypeVar

from app.domain.framework import Fact, Framework, Level, Node, OutcomeRules, Rating, Scale
from app.domain.terms import Prerequisite
from app.domain.wording import NO_TEXT
from app.frameworks import positions
from app.frameworks.clauses import read_assessment, read_award, read_clauses, read_panel, read_prerequisites
from app.frameworks.header import Names, read_names
from app.frameworks.outcome import ReadOutcome, read_outcome
from app.frameworks.problems import Problems
from app.frameworks.reach import check_reach
from app.frameworks.schemas import HeaderShape, shaped
from app.frameworks.tree import TreeReader

Part = TypeVar("Part", Scale, Fact)


@positions.rarely_collecting()
def read_framework(source: str, problems: Problems) -> Framework | None:
    """The framework; None with every mistake noted in `problems`."""
    document = positions.load(source, problems)
    if document is None:
        if not problems.found:
            problems.at((1, 1), "the file is empty")
        return None
    if not isinstance(document, dict) or "framework" not in document:
        problems.at((1, 1), "this is no framework: it has no key `framework` at the top")
        return None
    return _read(document, problems)


def _read(document: dict[str, Any], problems: Problems) -> Framework | None:
    rough = Problems(problems.file)
    names_of_tree = read_names({"names": document.get("names")}, rough).tree
    # Without names of the tree any list may be its top, and what is wrong with the names is told by itself.
    lists = tuple(key for key, value in document.items() if isinstance(value, list) and key != "levels")
    tree_keys = (names_of_tree[0][1],) if names_of_tree else lists
    header = shaped(HeaderShape, document, (), problems, tree_keys)
    names = read_names(header, problems)
    tree = TreeReader(names, problems)
    roots = tree.roots(document) if names.tree else ()
    clauses = read_clauses(header, names, problems)
    grades = tuple(grade.code for grade in clauses.findings.grades)
    read = read_outcome(header["outcome"], tree, roots, problems, grades) if "outcome" in header else None
    rules = read.rules if read else None
    _check_weights(roots, tree, rules, problems)
    _check_levels_count(tree, problems)
    award = read_award(header.get("award"), tree, problems)
    assessment = read_assessment(header, names, problems)
    panel = read_panel(header, problems)
    prerequisites = read_prerequisites(header, names, problems)
    if problems.found or read is None:
        return None
    framework = Framework(
        code=header["framework"],
        edition=header["edition"],
        title=header["title"],
        tree_names=names.tree_names,
        scales=_whole(names.scales),
        facts=_whole(names.facts),
        roots=read.roots,
        levels=_levels(names, read, prerequisites),
        outcome=read.rules,
        award=award,
        assessment=assessment,
        panel=panel,
        summary=header.get("summary", NO_TEXT),
        clauses=clauses,
        declared_ratings=tuple(Rating(code, title, rank) for rank, (code, title) in enumerate(names.ratings.items())),
    )
    check_reach(framework, problems)
    return None if problems.found else framework


def _whole(parts: dict[str, Part | None]) -> dict[str, Part]:
    return {code: part for code, part in parts.items() if part is not None}


def _levels(names: Names, read: ReadOutcome, after: dict[str, Prerequisite]) -> tuple[Level, ...]:
    return tuple(
        Level(
            code,
            valid["title"],
            rank,
            rule.cut_off,
            valid.get("summary", NO_TEXT),
            needs=rule.needs,
            after=after.get(code),
            once=valid.get("once", False),
        )
        for rank, (code, valid) in enumerate(names.levels.items())
        for rule in [read.levels[code]]
    )


def _check_weights(roots: tuple[Node, ...], tree: TreeReader, rules: OutcomeRules | None, problems: Problems) -> None:
    """Siblings that all weigh nothing cannot be summed; a node's weight needs a stage in which it counts."""
    stages = {stage.of for stage in rules.stages} if rules else set()
    for node in (each for root in roots for each in root.walk()):
        weights = [child.weight for child in node.children] + [criterion.weight for criterion in node.criteria]
        if weights and not any(weights) and node.code:
            problems.add(tree.paths[node.code], f"everything below {node.code} weighs nothing")
        stage = node.kind in stages or "score" in tree.own.get(node.code, {})
        if rules and node.weight != 1 and not stage and node.code:
            message = f"this weight has no effect: `outcome: of:` has no stage `{node.kind}`"
            problems.add((*tree.paths[node.code], "weight"), message)
    if roots and not any(root.weight for root in roots):
        problems.add((tree.names.tree[0][1],), "everything here weighs nothing")


def _check_levels_count(tree: TreeReader, problems: Problems) -> None:
    """The lowest level needs a criterion, or nothing could ever reach it."""
    lowest = next(iter(tree.names.levels), None)
    if lowest and tree.starting_levels and not tree.starting_levels & {lowest, None}:
        problems.add(("levels", 0), f"no criterion counts at `{lowest}`, so nothing can reach it")

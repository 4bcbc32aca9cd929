"""The terms of award, assessment and panel, and what must be held before a level."""

from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.duration import Duration
from app.domain.framework import AssessmentTerms, AwardTerms, FactKind, PanelTerms
from app.domain.sampling import SampleRule
from app.domain.terms import PANEL_OUTCOMES, ChairVotes, Prerequisite, Reassess, Reconciliation, SuspensionTerms
from app.frameworks import fields as f
from app.frameworks.clause_shapes import (
    AssessmentShape,
    AwardShape,
    PanelShape,
    PrerequisiteShape,
    ReassessShape,
    SampleShape,
    SuspensionShape,
)
from app.frameworks.clauses.reading import whole_entry
from app.frameworks.header import Names, refer
from app.frameworks.problems import Path, Problems, suggestion
from app.frameworks.schemas import LevelTermsShape, shaped
from app.frameworks.tree import TreeReader

SAMPLED = ("sites", "files", "people")
SQUARE_ROOT = "square-root"
SUSPENSION: Path = ("award", "suspension")


def read_award(data: Any, tree: TreeReader, problems: Problems) -> AwardTerms:
    if data is None:
        return AwardTerms()
    path: Path = ("award",)
    valid = shaped(AwardShape, data, path, problems)
    by_level = valid.pop("by_level", None)
    reassess = _reassess(valid.pop("reassess", None), tree, problems)
    suspension = _suspension(valid.pop("suspension", None), problems)
    award = AwardTerms(**valid, reassess=reassess, suspension=suspension)
    _check_reassess(award, problems)
    return award if by_level is None else _by_level(award, by_level, tree.names, problems)


def _by_level(award: AwardTerms, by_level: Any, names: Names, problems: Problems) -> AwardTerms:
    if not isinstance(by_level, dict):
        problems.add(("award", "by_level"), "expected a level with its terms, such as gold: {valid: 4 years}")
        return award
    for code, terms in by_level.items():
        path = ("award", "by_level", code)
        if code in names.levels:
            award = award.with_level(code, **shaped(LevelTermsShape, terms, path, problems))
        else:
            problems.add_at_key(path, f"there is no level `{code}`{suggestion(code, names.levels)}")
    return award


def _reassess(data: Any, tree: TreeReader, problems: Problems) -> Reassess | None:
    if data is None:
        return None
    path: Path = ("award", "reassess")
    valid = whole_entry(ReassessShape, data, path, problems)
    if valid is None:
        return None
    codes = valid.get("criteria", [])
    if "criteria" in valid and not codes:
        problems.add((*path, "criteria"), "expected at least one code; leave `criteria` out to score everything again")
    for index, code in enumerate(codes):
        refer("node or criterion", code, tree.paths, (*path, "criteria", index), problems)
    return Reassess(valid["every"], tuple(codes))


def _suspension(data: Any, problems: Problems) -> SuspensionTerms:
    return SuspensionTerms() if data is None else SuspensionTerms(**shaped(SuspensionShape, data, SUSPENSION, problems))


def _check_reassess(award: AwardTerms, problems: Problems) -> None:
    if award.reassess is None or award.carry_results is None:
        return
    if _days(award.reassess.every) >= _days(award.carry_results):
        message = f"results are carried for {award.carry_results} only, so `reassess` changes nothing"
        problems.add(("award", "reassess", "every"), message)


def _days(length: Duration) -> int:
    return (length.years * 12 + length.months) * 30 + length.days


def read_assessment(header: dict[str, Any], names: Names, problems: Problems) -> AssessmentTerms:
    if "assessment" not in header:
        return AssessmentTerms()
    path: Path = ("assessment",)
    valid = shaped(AssessmentShape, header["assessment"], path, problems)
    samples = _samples(valid.pop("samples"), names, problems) if "samples" in valid else {}
    terms = AssessmentTerms(**valid, samples=samples)
    if "reconciliation" in valid and terms.assessors < 2:
        problems.add((*path, "reconciliation"), "one assessor has nobody to differ from; ask for two `assessors`")
    if terms.reconciliation is Reconciliation.BELOW_FLOOR and terms.agreement_floor is None:
        problems.add((*path, "reconciliation"), "there is no floor to be below; say `agreement_floor`")
    return terms


def _samples(data: Any, names: Names, problems: Problems) -> dict[str, SampleRule]:
    path: Path = ("assessment", "samples")
    if not isinstance(data, dict) or not data:
        problems.add(path, "expected what is sampled and how much, such as sites: {at_least: 2, share: 25%}")
        return {}
    rules: dict[str, SampleRule] = {}
    for what, entry in data.items():
        here = (*path, what)
        if what not in SAMPLED:
            problems.add_at_key(here, f"`{what}` cannot be sampled{suggestion(what, SAMPLED)}")
            continue
        rule = _sample(entry, here, names, problems)
        if rule:
            rules[what] = rule
    return rules


def _sample(data: Any, path: Path, names: Names, problems: Problems) -> SampleRule | None:
    valid = whole_entry(SampleShape, data, path, problems)
    if valid is None:
        return None
    if "share" not in valid and "at_least" not in valid:
        problems.add(path, "this asks for nothing; say `at_least`, `share` or both")
    share = _sample_share(valid.get("share"), (*path, "share"), problems)
    if valid.get("at_most") is not None and valid["at_most"] < valid.get("at_least", 0):
        problems.add((*path, "at_most"), f"`at_least` asks for {valid['at_least']}, which is more")
    _check_population(valid.get("of"), (*path, "of"), names, problems)
    square_root = valid.get("share") == SQUARE_ROOT
    return SampleRule(share, square_root, valid.get("at_least", 0), valid.get("at_most"), valid.get("of"))


def _check_population(code: str | None, path: Path, names: Names, problems: Problems) -> None:
    if code is None or not refer("fact", code, names.facts, path, problems):
        return
    fact = names.facts[code]
    if fact is not None and fact.kind is not FactKind.COUNT:
        problems.add(path, f"`{code}` is a fact of kind {fact.kind}; only a count says how many there are")


def _sample_share(value: Any, path: Path, problems: Problems) -> Fraction | None:
    if value is None or value == SQUARE_ROOT:
        return None
    try:
        share = f.share(value)
    except ValidationError as error:
        problems.add(path, f"{error.messages[0]}, or `{SQUARE_ROOT}`")
        return None
    if not 0 < share <= 1:
        problems.add(path, f"expected a share above 0% and up to 100%, not `{value}`")
    return share


def read_panel(header: dict[str, Any], problems: Problems) -> PanelTerms:
    if "panel" not in header:
        return PanelTerms()
    path: Path = ("panel",)
    valid = shaped(PanelShape, header["panel"], path, problems)
    outcomes = tuple(outcome for outcome in PANEL_OUTCOMES if outcome in valid.get("outcomes", PANEL_OUTCOMES))
    panel = PanelTerms(**{**valid, "outcomes": outcomes})
    if panel.lay_members > panel.quorum:
        message = f"a panel of {panel.quorum} cannot hold {panel.lay_members} lay members; raise `quorum`"
        problems.add((*path, "lay_members"), message)
    if not {"award", "award-with-conditions"} & set(outcomes):
        problems.add((*path, "outcomes"), "a panel that can never award decides nothing; add `award`")
    if panel.chair_votes is not ChairVotes.ALWAYS and panel.quorum < 2:
        problems.add((*path, "chair_votes"), "a quorum of 1 may be the chair alone, who must then vote")
    return panel


def read_prerequisites(header: dict[str, Any], names: Names, problems: Problems) -> dict[str, Prerequisite]:
    """What must be held before each level that says `after`, by the level's code."""
    found: dict[str, Prerequisite] = {}
    levels = header.get("levels")
    for index, entry in enumerate(levels if isinstance(levels, list) else []):
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str) or code not in names.levels or "after" not in entry or code in found:
            continue
        prerequisite = _prerequisite(entry["after"], code, ("levels", index, "after"), names, problems)
        if prerequisite:
            found[code] = prerequisite
    return found


def _prerequisite(data: Any, level: str, path: Path, names: Names, problems: Problems) -> Prerequisite | None:
    short = isinstance(data, str)
    valid = {"level": data} if short else whole_entry(PrerequisiteShape, data, path, problems)
    if valid is None:
        return None
    here = path if short else (*path, "level")
    if not refer("level", valid["level"], names.levels, here, problems):
        return None
    if names.rank(valid["level"]) >= names.rank(level):
        problems.add(here, f"`{valid['level']}` is not below `{level}`: levels are written from the lowest")
    return Prerequisite(valid["level"], valid.get("held"))

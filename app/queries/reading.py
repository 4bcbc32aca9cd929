"""A case as those who decide on it read it: what the provider claims, what was scored and why, and what that gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.confidence import WORDS as CONFIDENCE_WORDS
from app.domain.deciding import VERDICT_WORDS, Verdict
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework, Node, Scale
from app.domain.reconciling import GivenScore
from app.domain.scoring import Outcome, PartWords
from app.domain.scoring.explained import part_in_words
from app.domain.self_assessment import Claim
from app.models import Answer, Application, Assessment
from app.queries.agreement import CaseAgreement, case_agreement, dissents_of
from app.queries.assess_beside import CitedNote, cited_notes
from app.queries.frameworks import asked_under, framework_of
from app.queries.outcomes import Counted, Scores, counted_of, handed_in, level_title, required_words
from app.queries.passport_uses import Used, used_in
from app.queries.reading_evidence import EvidenceLink, evidence_links

AGREED = "Agreed"


@dataclass(frozen=True)
class Recommended:
    """What one assessor recommended. `outcome` and `level` are words; `level` is empty without an award."""

    assessor: str
    outcome: str
    level: str
    words: str
    handed_in_at: datetime | None


@dataclass(frozen=True)
class AreaRow:
    """One top branch of the framework. `got` is None before any score; `scored` counts criteria with a score, `differing` those that differ."""

    code: str
    title: str
    kind: str
    got: PartWords | None
    criteria: int
    scored: int
    differing: int


@dataclass(frozen=True)
class ScoreReading:
    """One assessor's score, or that which was agreed. `label` is such as "2 In place", `confidence` such as "Not sure"."""

    assessor: str
    label: str
    reason: str
    confidence: str = ""


@dataclass(frozen=True)
class CriterionReading:
    """One criterion with the claim beside the scores. Labels are empty where there is none; `required` pairs each level
    with the point that it requires here. `passport` is what it was handed in with, whether or not it still stands.
    `dissents` are (assessor, words) of those who see the agreed score otherwise.
    """

    code: str
    heading: str
    text: str
    required: tuple[tuple[str, str], ...]
    claim: str
    claim_reason: str
    scores: tuple[ScoreReading, ...]
    evidence: tuple[EvidenceLink, ...]
    differs: bool
    scale: Scale
    passport: Used | None = None
    dissents: tuple[tuple[str, str], ...] = ()
    cited: tuple[CitedNote, ...] = ()  # notes of visits that the scores rest on


@dataclass(frozen=True)
class NodeReading:
    """One branch with criteria of its own. `got` is None while nobody has handed in."""

    code: str
    title: str
    kind: str
    got: PartWords | None
    criteria: tuple[CriterionReading, ...]


@dataclass(frozen=True)
class CaseReading:
    """The whole case in short. `outcome` is None while nobody has handed in. `fallen` says which passports ended since,
    `counts` how the scores of several assessors come to the outcome, `agreement` how far they agree.
    """

    outcome: Outcome | None
    recommendations: tuple[Recommended, ...]
    areas: tuple[AreaRow, ...]
    left_out: tuple[tuple[str, str, str], ...]
    fallen: tuple[str, ...] = ()
    counts: str = ""
    agreement: CaseAgreement | None = None


@dataclass(frozen=True)
class AreaReading:
    """One area, criterion by criterion, with the areas before and after it as (code, title)."""

    code: str
    title: str
    nodes: tuple[NodeReading, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def case_reading(session: Session, application: Application, today: date) -> CaseReading:
    """The case in short: outcome, recommendations and areas. Four statements, and two more where it rests on passports."""
    framework = framework_of(application.edition)
    done = handed_in(session, application.id)
    counts = counted_of(session, application, done, today)
    scores: Scores = counts.scores if counts else {}
    outcome = counts.outcome if counts else None
    answers = _answers(session, application.id)
    used = counts.used if counts else used_in(session, application, today)
    settled = {*scores, *(code for code, each in used.items() if each.stands)}
    every = asked_under(framework, application.facts, application.target)
    applying = {each.criterion.code for each in every if each.applies}
    return CaseReading(
        outcome=outcome,
        recommendations=tuple(_recommended(framework, each) for each in done),
        areas=tuple(
            _area_row(root, applying, answers, scores, settled, outcome)
            for root in framework.roots
            if any(criterion.code in applying for criterion in root.all_criteria)
        ),
        left_out=tuple(
            (each.criterion.code, str(each.criterion.heading), each.because) for each in every if not each.applies
        ),
        fallen=tuple(each.fell for each in used.values() if not each.stands),
        counts=counts.said if counts else "",
        agreement=case_agreement(session, application, counts),
    )


def _recommended(framework: Framework, assessment: Assessment) -> Recommended:
    return Recommended(
        assessor=assessment.assessor.name,
        outcome=VERDICT_WORDS[Verdict(assessment.recommended)] if assessment.recommended else "",
        level=level_title(framework, assessment.recommended_level),
        words=assessment.recommendation,
        handed_in_at=assessment.handed_in_at,
    )


def _area_row(
    root: Node,
    applying: set[str],
    answers: Mapping[str, Claim],
    scores: Scores,
    settled: Collection[str],
    outcome: Outcome | None,
) -> AreaRow:
    here = [criterion for criterion in root.all_criteria if criterion.code in applying]
    return AreaRow(
        code=root.code,
        title=str(root.title),
        kind=root.kind,
        got=_got(outcome, root),
        criteria=len(here),
        scored=sum(each.code in settled for each in here),
        differing=sum(_differs(answers.get(each.code), scores.get(each.code)) for each in here),
    )


def _got(outcome: Outcome | None, node: Node) -> PartWords | None:
    return part_in_words(outcome, node) if outcome and node.code in outcome.nodes else None


def _differs(answer: Claim | None, score: GivenScore | None) -> bool:
    if answer is None or score is None:
        return False
    return (answer.point, answer.not_applicable) != (score.point, score.not_applicable)


def _answers(session: Session, application_id: int) -> dict[str, Claim]:
    found = session.execute(
        select(Answer.criterion_code, Answer.point, Answer.not_applicable, Answer.reason).where(
            Answer.application_id == application_id
        )
    )
    return {code: Claim(point, left_out, reason) for code, point, left_out, reason in found}


def area_reading(session: Session, application: Application, code: str, today: date) -> AreaReading:
    """One area in full. Five statements, and two more where the case rests on passports. Raises NotFound where the framework or this case has no such area."""
    framework = framework_of(application.edition)
    every = asked_under(framework, application.facts, application.target)
    applying = {each.criterion.code for each in every if each.applies}
    roots = [root for root in framework.roots if any(each.code in applying for each in root.all_criteria)]
    here = next((index for index, root in enumerate(roots) if root.code == code), None)
    if here is None:
        raise NotFound("There is no such part of this case.")
    return AreaReading(
        code=code,
        title=str(roots[here].title),
        nodes=_nodes(_read(session, application, today), roots[here], applying),
        before=_step(roots, here - 1),
        after=_step(roots, here + 1),
    )


def _step(roots: list[Node], index: int) -> tuple[str, str] | None:
    return (roots[index].code, str(roots[index].title)) if 0 <= index < len(roots) else None


@dataclass(frozen=True)
class _Read:
    """What every part of a case is shown from, read once."""

    framework: Framework
    counts: Counted | None
    used: Mapping[str, Used]
    answers: Mapping[str, Claim]
    evidence: Mapping[str, tuple[EvidenceLink, ...]]
    dissents: Mapping[str, tuple[tuple[str, str], ...]]
    cited: Mapping[str, tuple[CitedNote, ...]]


def _read(session: Session, application: Application, today: date) -> _Read:
    counts = counted_of(session, application, handed_in(session, application.id), today)
    return _Read(
        framework=framework_of(application.edition),
        counts=counts,
        used=counts.used if counts else used_in(session, application, today),
        answers=_answers(session, application.id),
        evidence=evidence_links(session, application.id),
        dissents=dissents_of(session, counts),
        cited=cited_notes(session, counts.assessments) if counts else {},
    )


def every_area(session: Session, application: Application, today: date) -> tuple[AreaReading, ...]:
    """The whole case in full, area by area. As many statements as one area takes."""
    read = _read(session, application, today)
    every = asked_under(read.framework, application.facts, application.target)
    applying = {each.criterion.code for each in every if each.applies}
    roots = [root for root in read.framework.roots if any(each.code in applying for each in root.all_criteria)]
    return tuple(
        AreaReading(
            root.code, str(root.title), _nodes(read, root, applying), _step(roots, here - 1), _step(roots, here + 1)
        )
        for here, root in enumerate(roots)
    )


def _nodes(read: _Read, root: Node, applying: set[str]) -> tuple[NodeReading, ...]:
    named = _named(read.counts) if read.counts else []
    outcome = read.counts.outcome if read.counts else None
    found = []
    for node in root.walk():
        criteria = [criterion for criterion in node.criteria if criterion.code in applying]
        if criteria:
            rows = tuple(_criterion_of(read, each, named) for each in criteria)
            found.append(NodeReading(node.code, str(node.title), node.kind, _got(outcome, node), rows))
    return tuple(found)


def _criterion_of(read: _Read, criterion: Criterion, named: list[tuple[str, Scores]]) -> CriterionReading:
    found = _criterion(
        read.framework,
        criterion,
        read.answers,
        named,
        read.evidence.get(criterion.code, ()),
        read.used.get(criterion.code),
        read.dissents.get(criterion.code, ()),
    )
    return replace(found, cited=read.cited.get(criterion.code, ()))


def _named(counts: Counted) -> list[tuple[str, Scores]]:
    """What each assessor gave, under their name, and last what counts where they differed and that is settled."""
    given = [(each.assessor.name, counts.sheets[each.id]) for each in counts.assessments]
    return [*given, (AGREED, counts.agreed)] if counts.agreed else given


def _criterion(
    framework: Framework,
    criterion: Criterion,
    answers: Mapping[str, Claim],
    named: list[tuple[str, Scores]],
    evidence: tuple[EvidenceLink, ...],
    passport: Used | None,
    dissents: tuple[tuple[str, str], ...],
) -> CriterionReading:
    answer = answers.get(criterion.code)
    judged = [] if passport and passport.stands else named
    scores = [(assessor, given[criterion.code]) for assessor, given in judged if criterion.code in given]
    return CriterionReading(
        code=criterion.code,
        heading=str(criterion.heading),
        text=str(criterion.text),
        required=required_words(framework, criterion),
        claim=_label(criterion, answer) if answer else "",
        claim_reason=answer.reason if answer else "",
        scores=tuple(
            ScoreReading(assessor, _label(criterion, score), score.reason, sure_words(score))
            for assessor, score in scores
        ),
        evidence=evidence,
        differs=any(_differs(answer, score) for _, score in scores[-1:]),
        scale=criterion.scale,
        passport=passport,
        dissents=dissents,
    )


def sure_words(score: object) -> str:
    """How sure the assessor was, in words; empty where they did not say, as of a score that was agreed."""
    confidence = getattr(score, "confidence", None)
    return CONFIDENCE_WORDS[confidence] if confidence else ""


def _label(criterion: Criterion, row: Claim | GivenScore) -> str:
    if row.not_applicable:
        return "Not applicable"
    if not isinstance(row, Claim) and row.not_rated:
        return "Not rated"
    return "" if row.point is None else criterion.scale.shown(row.point)

"""What could go into the improvement plan: from what is missing, the way up, and what the assessment and the panel found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.clauses import Audience
from app.domain.corrective import FOR_THE_PROVIDER
from app.domain.findings import found
from app.domain.framework import Framework
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.plan import LONGEST_TITLE, STILL_TO_DO, Source
from app.domain.publication import Part, may_see
from app.domain.scoring import Outcome
from app.domain.self_assessment import Gap, Progress
from app.domain.way_up import way_up
from app.extensions import db
from app.models import Application, Decision, PlanAction
from app.queries.findings import findings_of, findings_told
from app.queries.frameworks import framework_of
from app.queries.handed_over import colleagues_of
from app.queries.outcomes import counted
from app.queries.publication import told_to_provider
from app.queries.results import DECIDED
from app.queries.self_assessments import SelfAssessment, own_application, self_assessment_of

MOST = 200


@dataclass(frozen=True)
class Suggestion:
    """One thing that could be planned. `key` names it; `planned` says that it stands in the plan already, still to do."""

    key: str
    title: str
    notes: str
    criterion_code: str
    source: Source
    due_on: date | None = None
    planned: bool = False


@dataclass(frozen=True)
class SuggestionsPage:
    """What could be planned for one application, by where it comes from. Of a long list the first 200."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    suggestions: tuple[Suggestion, ...]
    more: int
    colleagues: tuple[tuple[int, str], ...]

    @property
    def groups(self) -> tuple[tuple[Source, tuple[Suggestion, ...]], ...]:
        sources = dict.fromkeys(each.source for each in self.suggestions)
        return tuple((source, tuple(each for each in self.suggestions if each.source is source)) for source in sources)


def suggestions_page(application_id: int, actor: Actor, today: date) -> SuggestionsPage:
    """Raises NotFound, NotAllowed. The same number of statements for any number of criteria."""
    application = own_application(application_id, actor, Action.EDIT_PLAN)
    session = db.session()
    every = _all(session, application, today)
    planned = _planned(session, application.id)
    shown = tuple(
        Suggestion(
            each.key,
            each.title,
            each.notes,
            each.criterion_code,
            each.source,
            each.due_on,
            planned=(each.criterion_code, each.title) in planned,
        )
        for each in every[:MOST]
    )
    return SuggestionsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        suggestions=shown,
        more=max(len(every) - MOST, 0),
        colleagues=colleagues_of(session, application.organisation_id),
    )


def _planned(session: Session, application_id: int) -> set[tuple[str, str]]:
    rows = session.execute(
        select(PlanAction.criterion_code, PlanAction.title).where(
            PlanAction.application_id == application_id, PlanAction.state.in_(STILL_TO_DO)
        )
    )
    return {(code, title) for code, title in rows}


def _all(session: Session, application: Application, today: date) -> list[Suggestion]:
    """Findings come first, and what the panel and the assessor said, where there is anything; then what is missing now."""
    suggested: list[Suggestion] = []
    work = self_assessment_of(session, application, today=today)
    suggested += _on_record(session, application, today)
    if application.status in DECIDED:
        suggested += _of_decision(session, application)
        suggested += _of_assessment(session, application, work, today)
    if application.status in EDITABLE or application.status is ApplicationStatus.SUBMITTED:
        suggested += [_of_gap(work, gap) for gap in work.gaps]
        suggested += _of_way_up(work.outcome) if work.done else ()
    return list({each.key: each for each in reversed(suggested)}.values())[::-1]  # of the same twice, the first


def _of_gap(work: SelfAssessment, gap: Gap) -> Suggestion:
    criterion = work.framework.criterion(gap.code)
    if gap.code in work.reviews and gap.sentence.startswith("Look at this again"):
        verb, key = "Look again at", "again"
    elif gap.blocks and work.progress(criterion) is not Progress.DONE:
        verb, key = "Answer", "answer"
    else:
        verb, key = "Find evidence for", "evidence"
    return Suggestion(
        f"{key}:{gap.code}", _title(f"{verb} {gap.code} {criterion.heading}"), gap.sentence, gap.code, Source.GAP
    )


def _of_way_up(outcome: Outcome) -> Iterator[Suggestion]:
    up = way_up(outcome)
    for step in up.steps if up else ():
        enough = "This alone would be enough" if up and up.single else "Together with the others this would be enough"
        yield Suggestion(
            key=f"raise:{step.code}",
            title=_title(f"Raise {step.code} {step.heading} to “{step.point}”"),
            notes=f"Now “{step.has}”. {enough} for {up.level_title if up else ''}.",
            criterion_code=step.code,
            source=Source.WAY_UP,
        )


def _of_decision(session: Session, application: Application) -> Iterator[Suggestion]:
    """One for each line of the conditions; what the panel said where it did not award."""
    decision = session.scalars(
        select(Decision).where(Decision.application_id == application.id).order_by(Decision.id.desc()).limit(1)
    ).first()
    if decision is None:
        return
    lines = [line.strip(" -•*\t") for line in decision.conditions.splitlines()]
    for place, line in enumerate((line for line in lines if line), 1):
        title = _title(line)
        notes = "" if title == line else line
        yield Suggestion(f"condition:{place}", title, notes, "", Source.CONDITION, decision.conditions_due_on)
    if application.status in (ApplicationStatus.REFUSED, ApplicationStatus.DEFERRED):
        title = "Work through the reasons that the panel gave"
        yield Suggestion("panel:reasons", title, decision.reasons, "", Source.RECOMMENDATION)


def _of_assessment(
    session: Session, application: Application, work: SelfAssessment, today: date
) -> Iterator[Suggestion]:
    """Criteria that were scored below the claim, and findings, as far as the scheme tells its providers."""
    told = told_to_provider(work.framework)
    counts = counted(session, application, today)
    if counts is None or not told.scores:
        return
    outcome = counts.outcome
    reasons = {code: score.reason for code, score in counts.scores.items()} if told.reasons else {}
    yield from _of_way_up(outcome) if told.sums else ()
    if may_see(work.framework.clauses.publication, Part.FINDINGS, Audience.PROVIDER):
        yield from () if _any_told(session, application) else _findings(work.framework, outcome, reasons)
    yield from _below_the_claim(work, outcome, reasons)


def _below_the_claim(work: SelfAssessment, outcome: Outcome, reasons: dict[str, str]) -> Iterator[Suggestion]:
    """The criteria that the assessor found lower than the provider said."""
    for each in work.applying:
        criterion, scale = each.criterion, each.criterion.scale
        found_there, claimed = outcome.sheet.points.get(criterion.code), work.claim(criterion).point
        if found_there is None or claimed is None or criterion.code in outcome.sheet.passported:
            continue
        if scale.better(claimed, found_there):
            said = f"You said “{scale.shown(claimed)}”, the assessor found “{scale.shown(found_there)}”."
            yield Suggestion(
                key=f"score:{criterion.code}",
                title=_title(f"Improve {criterion.code} {criterion.heading}"),
                notes=" ".join(filter(None, (said, reasons.get(criterion.code, "")))),
                criterion_code=criterion.code,
                source=Source.SCORE,
            )


def _any_told(session: Session, application: Application) -> bool:
    """Whether findings are on record: then these count, and not what could be worked out of the scores."""
    return bool(findings_told(session, application)["findings"])


def _on_record(session: Session, application: Application, today: date) -> list[Suggestion]:
    """The findings that the provider was told of and that wait for it, with their last days."""
    codes = {criterion.code for criterion in framework_of(application.edition).criteria}
    return [
        Suggestion(
            key=f"found:{row.id}",
            title=_title(f"Put right: {row.title} ({row.grade_title})"),
            notes=row.words,
            criterion_code=row.where if row.where in codes else "",
            source=Source.FINDING,
            due_on=row.due_on,
        )
        for row in findings_of(session, application, today)
        if row.told_on and row.status in FOR_THE_PROVIDER
    ]


def _findings(framework: Framework, outcome: Outcome, reasons: dict[str, str]) -> Iterator[Suggestion]:
    codes = {criterion.code for criterion in framework.criteria}
    for place, finding in enumerate(found(framework, outcome.sheet.points), 1):
        code = finding.where if finding.where in codes else ""
        grade = framework.clauses.findings.grade(finding.grade)
        what = f"{code} {framework.criterion(code).heading}" if code else finding.because
        yield Suggestion(
            key=f"finding:{place}",
            title=_title(f"Put right: {what} ({grade.title})"),
            notes=" ".join(filter(None, (finding.because, reasons.get(code, "")))),
            criterion_code=code,
            source=Source.FINDING,
        )


def _title(words: str) -> str:
    words = words.rstrip(".")
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1].rstrip()}…"

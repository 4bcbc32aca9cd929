"""What a report is made from: the facts of a case as words and tables, as far as its provider may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.agreement import share_agreed
from app.domain.clauses import Audience
from app.domain.deciding import VERDICT_WORDS, Verdict
from app.domain.framework import Criterion, Framework
from app.domain.publication import Part as Published
from app.domain.publication import may_see
from app.domain.report import Content, Grid, Part
from app.domain.scoring import Explained, Outcome
from app.domain.uk_time import uk_day
from app.domain.wording import counted, dated, joined, percent
from app.models import Application, Assessment, Score, User
from app.queries.findings import FindingRow, findings_of
from app.queries.frameworks import asked_under, framework_of, scheme_details
from app.queries.outcomes import as_scores, case_outcome, handed_in, level_title, scores_of
from app.queries.publication import Told, told_to_provider

MOST_BEGUN = 12
"""Criteria from which a paragraph on strengths or gaps is begun: the lead assessor chooses among them."""
Choice = Callable[[Criterion, int], bool]
CLOSED = "The scheme keeps this for its assessors and the panel."


@dataclass(frozen=True)
class Material:
    """What stands for each name in braces, and what each part of the case says."""

    names: Mapping[str, str]
    parts: Mapping[Part, Content]


@dataclass(frozen=True)
class _Case:
    """What is read of a case, once."""

    application: Application
    framework: Framework
    outcome: Outcome | None
    told: Told
    done: Sequence[Assessment]
    scores: Mapping[int, Mapping[str, Score]]
    findings: tuple[FindingRow, ...]
    lead: str
    today: date


def material_of(session: Session, application: Application, today: date) -> Material:
    """What a report on a case is made from today. A fixed number of statements."""
    case = _read(session, application, today)
    return Material(_names(case), _parts(case))


def lead_assessment(done: Sequence[Assessment]) -> Assessment | None:
    """The assessment of the lead assessor among those handed in: the one that says so, else the first of them."""
    return next((each for each in done if each.lead), done[0] if done else None)


def _read(session: Session, application: Application, today: date) -> _Case:
    done = handed_in(session, application.id)
    framework = framework_of(application.edition)
    lead = lead_assessment(done)
    return _Case(
        application=application,
        framework=framework,
        outcome=case_outcome(session, application, today),
        told=told_to_provider(framework),
        done=done,
        scores=scores_of(session, done),
        findings=findings_of(session, application, today),
        lead=lead.assessor.name if lead else "",
        today=today,
    )


def _names(case: _Case) -> dict[str, str]:
    application, scheme = case.application, scheme_details(case.application.edition.scheme)
    explained = case.told.explained(case.outcome) if case.outcome else Explained("Nothing is scored yet.")
    handed_in_on = max((each.handed_in_at for each in case.done if each.handed_in_at), default=None)
    return {
        "provider": application.organisation.name,
        "scheme": scheme.title,
        "awarding body": scheme.awarding_body,
        "framework": str(case.framework.title),
        "edition": case.framework.edition,
        "level applied for": level_title(case.framework, application.target) or "no level in particular",
        "outcome": explained.headline,
        "level": case.outcome.band if case.outcome else "not known yet",
        "lead assessor": case.lead or "the lead assessor",
        "assessors": joined([each.assessor.name for each in case.done]) if case.done else "nobody yet",
        "criteria": counted(case.outcome.scored, "criterion", "criteria") if case.outcome else "no criteria",
        "submitted on": _day(application.submitted_at),
        "assessed on": _day(handed_in_on),
        "report made on": dated(case.today),
    }


def _day(at: datetime | None) -> str:
    return dated(uk_day(at)) if at else "a day that is not recorded"


def _parts(case: _Case) -> dict[Part, Content]:
    return {
        Part.DATES: _dates(case),
        Part.SCORES: _scores(case),
        Part.EXPLANATION: _explanation(case),
        Part.FINDINGS: _findings(case),
        Part.AGREEMENT: _agreement(case),
        Part.STRENGTHS: _begun(case, _strong),
        Part.GAPS: _begun(case, _weak),
        Part.RECOMMENDATION: _recommended(case),
    }


def _dates(case: _Case) -> Content:
    application = case.application
    every = asked_under(case.framework, application.facts, application.target)
    asked = sum(each.applies for each in every)
    rows = [
        ("Provider", application.organisation.name),
        ("Framework", f"{case.framework.title}, edition {case.framework.edition}"),
        ("Applied for", level_title(case.framework, application.target) or "No level in particular"),
        ("Submitted", _day(application.submitted_at)),
        ("Criteria asked", f"{asked:,} of {len(every):,}"),
    ]
    for each in case.done:
        role = "Lead assessor" if each.assessor.name == case.lead and len(case.done) > 1 else "Assessor"
        rows.append((role, f"{each.assessor.name}, who finished on {_day(each.handed_in_at)}"))
    return Content(grid=Grid("People and dates", ("What", "Who or when"), tuple(rows)))


def _scores(case: _Case) -> Content:
    if case.outcome is None:
        return Content("Nothing is scored yet.")
    parts = case.told.explained(case.outcome).parts
    if not parts:
        return Content(CLOSED)
    rows = tuple((f"{part.code} {part.title}".strip(), part.got or "–", part.because or "–") for part in parts)
    return Content(grid=Grid("What each part got", ("Part", "Result", "From what"), rows))


def _explanation(case: _Case) -> Content:
    if case.outcome is None:
        return Content("Nothing is scored yet.")
    said = case.told.explained(case.outcome)
    lines = [said.headline, *said.beside]
    for level in reversed(said.levels):
        if not level.sentences or level.title not in level.sentences[0]:
            lines.append(f"{level.title}: {'reached' if level.reached else 'not reached'}.")
        lines += [f"- {sentence}" for sentence in level.sentences]
    if said.lift:
        lines += ["What would lift the outcome:", *(f"- {sentence}" for sentence in said.lift)]
    return Content("\n".join(lines))


def _findings(case: _Case) -> Content:
    if not may_see(case.framework.clauses.publication, Published.FINDINGS, Audience.PROVIDER):
        return Content(CLOSED)
    if not case.findings:
        return Content("No finding was recorded.")
    rows = tuple(
        (each.title, each.grade_title, each.where_title, dated(each.due_on) if each.due_on else "–")
        for each in case.findings
    )
    heads = ("Finding", "Grade", "Where", "To be put right by")
    return Content(grid=Grid("Findings", heads, rows))


def _agreement(case: _Case) -> Content:
    if len(case.done) < 2:
        return Content("One assessor scored this case, so there is no agreement between assessors to measure.")
    given = [as_scores(sheet) for sheet in case.scores.values()]
    codes = sorted({code for sheet in given for code in sheet})
    measured = share_agreed([tuple(sheet.get(code) for sheet in given) for code in codes])
    if measured.value is None:
        return Content(f"The assessors' agreement cannot be measured. {measured.because}")
    return Content(
        f"{counted(len(case.done), 'assessor')} scored the case without seeing each other's scores. On "
        f"{counted(measured.units, 'criterion', 'criteria')} that more than one of them scored, they gave the same score "
        f"to {percent(measured.value)}."
    )


def _strong(criterion: Criterion, point: int) -> bool:
    return point == max(criterion.scale.values)


def _weak(criterion: Criterion, point: int) -> bool:
    low, high = min(criterion.scale.values), max(criterion.scale.values)
    return (point - low) * 2 < high - low or any(point < required for required in criterion.required.values())


def _begun(case: _Case, chosen: Choice) -> Content:
    """A list of criteria with the lead's reasons, as far as the provider may see scores: the words to begin from."""
    if case.outcome is None or not case.told.scores:
        return Content()
    lead = lead_assessment(case.done)
    reasons = case.scores.get(lead.id, {}) if lead else {}
    found = _chosen(case.outcome, case.framework.criteria, chosen)[:MOST_BEGUN]
    return Content("\n".join(_item(each, reasons.get(each.code), case.told.reasons) for each in found))


def _chosen(outcome: Outcome, criteria: Iterable[Criterion], chosen: Choice) -> list[Criterion]:
    points = outcome.sheet.points
    return [each for each in criteria if each.code in points and chosen(each, points[each.code])]


def _item(criterion: Criterion, score: Score | None, with_reason: bool) -> str:
    name = f"{criterion.code} {criterion.heading}"
    return f"- {name}: {' '.join(score.reason.split())}" if with_reason and score and score.reason else f"- {name}"


def _recommended(case: _Case) -> Content:
    lines = []
    for each in case.done:
        if not each.recommended:
            continue
        level = level_title(case.framework, each.recommended_level)
        outcome = VERDICT_WORDS[Verdict(each.recommended)].lower()
        lines.append(f"{each.assessor.name} recommends: {outcome}{f', {level}' if level else ''}.")
        lines += each.recommendation.strip().split("\n")
    return Content("\n".join(lines))


def is_lead(session: Session, application_id: int, user_id: int | None) -> bool:
    """Whether somebody is the lead assessor of a case. One statement."""
    lead = lead_assessment(handed_in(session, application_id))
    return lead is not None and lead.assessor_id == user_id


def lead_of(session: Session, application_id: int) -> User | None:
    """The lead assessor of a case, None before anybody has handed in. One statement."""
    lead = lead_assessment(handed_in(session, application_id))
    return lead.assessor if lead else None

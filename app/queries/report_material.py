"""What a report is made from: the facts of a case as words and tables, as far as its provider may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.agreement_table import coefficient_words
from app.domain.clauses import Audience
from app.domain.deciding import VERDICT_WORDS, Verdict
from app.domain.framework import Criterion, Framework
from app.domain.publication import Part as Published
from app.domain.publication import may_see
from app.domain.report import Content, Grid, Part
from app.domain.scoring import Explained, Outcome
from app.domain.uk_time import uk_day
from app.domain.wording import counted as counted_words
from app.domain.wording import dated, joined
from app.models import Application, Assessment, User
from app.queries.agreement import CaseAgreement, case_agreement
from app.queries.findings import FindingRow, findings_of
from app.queries.frameworks import asked_under, framework_of, scheme_details
from app.queries.outcomes import Counted, counted, handed_in, level_title, that_count
from app.queries.outcomes import lead_of as lead_of_counted
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
    reasons: Mapping[str, str]
    said: str
    agreement: CaseAgreement | None
    findings: tuple[FindingRow, ...]
    lead: str
    today: date


def material_of(session: Session, application: Application, today: date) -> Material:
    """What a report on a case is made from today. A fixed number of statements."""
    case = _read(session, application, today)
    return Material(_names(case), _parts(case))


def _read(session: Session, application: Application, today: date) -> _Case:
    counts = counted(session, application, today)
    framework = framework_of(application.edition)
    return _Case(
        application=application,
        framework=framework,
        outcome=counts.outcome if counts else None,
        told=told_to_provider(framework),
        done=counts.assessments if counts else (),
        reasons=_reasons(counts) if counts else {},
        said=counts.said if counts else "",
        agreement=case_agreement(session, application, counts),
        findings=findings_of(session, application, today),
        lead=lead_of_counted(counts.assessments).assessor.name if counts else "",
        today=today,
    )


def _reasons(counts: Counted) -> dict[str, str]:
    """Why each score that counts was given: as agreed, or in the lead assessor's words where they have some."""
    lead = counts.sheets.get(lead_of_counted(counts.assessments).id, {})
    reasons = {code: score.reason for code, score in counts.scores.items()}
    return reasons | {code: score.reason for code, score in lead.items() if code not in counts.agreed}


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
        "criteria": counted_words(case.outcome.scored, "criterion", "criteria") if case.outcome else "no criteria",
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
    """How far the assessors agreed before anything was settled, and what was made of where they did not."""
    found = case.agreement
    if found is None:
        return Content("One assessor scored this case, so there is no agreement between assessors to measure.")
    lines = [
        f"{joined(found.assessors)} scored the case without seeing each other’s scores. They gave the same score to "
        f"{found.whole.same:,} of the {counted_words(found.whole.compared, 'criterion', 'criteria')} that more than one of "
        f"them scored ({found.whole.share_said})."
    ]
    measured = [each.alpha for each in found.whole.scales if each.alpha and each.alpha.value is not None]
    if measured:
        figures = joined([coefficient_words(each) for each in measured])
        lines.append(
            f"Agreement beyond chance (Krippendorff’s alpha), where 1 is full agreement and 0 is chance: {figures}."
        )
    return Content("\n".join([*lines, case.said]))


def _strong(criterion: Criterion, point: int) -> bool:
    return point == max(criterion.scale.values)


def _weak(criterion: Criterion, point: int) -> bool:
    low, high = min(criterion.scale.values), max(criterion.scale.values)
    return (point - low) * 2 < high - low or any(point < required for required in criterion.required.values())


def _begun(case: _Case, chosen: Choice) -> Content:
    """A list of criteria with the lead's reasons, as far as the provider may see scores: the words to begin from."""
    if case.outcome is None or not case.told.scores:
        return Content()
    found = _chosen(case.outcome, case.framework.criteria, chosen)[:MOST_BEGUN]
    reasons = case.reasons if case.told.reasons else {}
    return Content("\n".join(_item(each, reasons.get(each.code, "")) for each in found))


def _chosen(outcome: Outcome, criteria: Iterable[Criterion], chosen: Choice) -> list[Criterion]:
    points = outcome.sheet.points
    return [each for each in criteria if each.code in points and chosen(each, points[each.code])]


def _item(criterion: Criterion, reason: str) -> str:
    name = f"{criterion.code} {criterion.heading}"
    return f"- {name}: {' '.join(reason.split())}" if reason else f"- {name}"


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


def is_lead(session: Session, application: Application, user_id: int | None) -> bool:
    """Whether somebody is the lead assessor of a case. One statement."""
    lead = lead_of(session, application)
    return lead is not None and lead.id == user_id


def lead_of(session: Session, application: Application) -> User | None:
    """The lead assessor of a case, None before anybody has handed in. One statement."""
    done = that_count(application, handed_in(session, application.id))
    return lead_of_counted(done).assessor if done else None

"""How a case stands at the gates of its framework, and which levels may be granted to whom, from what is stored."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clauses import Before
from app.domain.framework import Framework, Level
from app.domain.gates import Claims, GateResult, GateState, Held, may_hold, passes, stopped
from app.domain.lifecycle import AwardStatus
from app.models import Application, Award, FrameworkEdition, Organisation
from app.queries.findings import barred_by_findings
from app.queries.frameworks import framework_of
from app.queries.organisations import facts_of
from app.queries.outcomes import levels_open
from app.queries.self_assessments import SelfAssessment

A_DAY = timedelta(days=1)
ENDED_EARLY = frozenset({AwardStatus.SUSPENDED, AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED})
MOST_AWARDS = 500


def not_eligible(framework: Framework, organisation: Organisation) -> tuple[str, ...]:
    """Why an organisation cannot apply at all; nothing where it can, or where its profile does not say yet."""
    results = passes(framework, facts_of(organisation), None, Before.APPLICATION)
    return stopped(results, by=(GateState.FAILED,))


def gates_to_submit(work: SelfAssessment) -> tuple[GateResult, ...]:
    """How a self-assessment stands at every gate before it can be handed in."""
    return passes(work.framework, work.facts, claimed(work), Before.APPLICATION, Before.ASSESSMENT)


def stopped_by_gates(work: SelfAssessment) -> tuple[str, ...]:
    """Why a self-assessment could not be handed in as it stands. What the profile does not say yet is told there."""
    return stopped(gates_to_submit(work), by=(GateState.FAILED, GateState.WAITING))


def claimed(work: SelfAssessment) -> Claims:
    """What a self-assessment comes to at the level applied for."""
    level = work.target or work.framework.levels[-1].code
    short = []
    for each in work.applying:
        needed = each.criterion.required.get(level)
        claim = work.claim_or_passport(each.criterion)
        if needed is None or (claim.not_applicable and claim.reason.strip()):
            continue
        if claim.point is None or not each.criterion.scale.reaches(claim.point, needed):
            short.append(each.criterion.code)
    return Claims(work.outcome.share, tuple(short))


def levels_held(session: Session, organisation_id: int, framework_code: str) -> tuple[Held, ...]:
    """Every level that an organisation was ever granted under a framework, in any edition. One statement.

    A suspension that was lifted is no break: the award stands from the day on which it was granted.
    """
    rows = session.execute(
        select(Award.level, Award.granted_on, Award.expires_on, Award.status, Award.status_on)
        .join(FrameworkEdition, FrameworkEdition.id == Award.edition_id)
        .where(Award.organisation_id == organisation_id, FrameworkEdition.code == framework_code)
        .order_by(Award.granted_on, Award.id)
        .limit(MOST_AWARDS)
    ).all()
    return tuple(
        Held(level, granted, min(expires, changed - A_DAY) if status in ENDED_EARLY else expires)
        for level, granted, expires, status, changed in rows
    )


def levels_barred(session: Session, application: Application, today: date) -> dict[str, tuple[str, ...]]:
    """Code of each level that scores alone would open -> what stands against granting it today. At most two statements."""
    framework = framework_of(application.edition)
    gates = stopped(passes(framework, application.facts, None, Before.AWARD))
    levels = levels_open(framework, application.target)
    held = _held_for(session, levels, application.organisation_id, application.edition.code)
    found = barred_by_findings(session, application)
    against = {
        level.code: (*may_hold(framework, level.code, held, today), *gates, *filter(None, [found.get(level.code)]))
        for level in levels
    }
    return {code: sentences for code, sentences in against.items() if sentences}


def levels_not_yet(session: Session, edition: FrameworkEdition, organisation_id: int, today: date) -> dict[str, str]:
    """Code of each level that could not be granted to an organisation today, whatever its scores -> why."""
    framework = framework_of(edition)
    held = _held_for(session, framework.levels, organisation_id, edition.code)
    words = {level.code: " ".join(may_hold(framework, level.code, held, today)) for level in framework.levels}
    return {code: sentence for code, sentence in words.items() if sentence}


def _held_for(
    session: Session, levels: tuple[Level, ...], organisation_id: int, framework_code: str
) -> tuple[Held, ...]:
    """What is held, asked for only where one of these levels asks for it."""
    if not any(level.once or level.after for level in levels):
        return ()
    return levels_held(session, organisation_id, framework_code)

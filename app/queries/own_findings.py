"""The findings of a case as its provider reads and answers them, and as an assessor writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.access import Action, Actor, may, require
from app.domain.corrective import told_to_provider
from app.domain.errors import NotFound
from app.domain.lifecycle import FINDING_MOVES, FindingMove, FindingStatus
from app.extensions import db
from app.models import Finding
from app.queries.answers import offered
from app.queries.finding_detail import FindingDetail, finding_detail, finding_with_case
from app.queries.findings import FindingRow, rows_of
from app.queries.frameworks import framework_of
from app.queries.self_assessments import own_application, own_subject

OVER = frozenset({FindingStatus.CLOSED, FindingStatus.TAKEN_BACK})


@dataclass(frozen=True)
class FindingsPage:
    """What the provider knows of. `kept_back` tells that the scheme keeps findings to itself."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    standing: tuple[FindingRow, ...]
    over: tuple[FindingRow, ...]
    kept_back: bool


@dataclass(frozen=True)
class OwnFindingPage:
    """One finding for its provider. `library` is offered as (id, title); the booleans say what can be done now."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    detail: FindingDetail
    library: tuple[tuple[int, str], ...]
    can_plan: bool
    can_say_put_right: bool


def findings_page(application_id: int, actor: Actor, today: date) -> FindingsPage:
    """Every finding of which the provider was told. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor, Action.SEE_FINDINGS)
    told = rows_of(db.session(), application, today, Finding.told_at.is_not(None))
    return FindingsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        standing=tuple(row for row in told if row.status not in OVER),
        over=tuple(row for row in told if row.status in OVER),
        kept_back=not told_to_provider(framework_of(application.edition)),
    )


def own_finding_page(
    finding_id: int, actor: Actor, today: date, action: Action = Action.SEE_FINDINGS
) -> OwnFindingPage:
    """One finding, for its provider. Raises NotFound also where they were not told of it, NotAllowed."""
    session = db.session()
    finding = finding_with_case(session, finding_id)
    if finding is None or finding.told_at is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = finding.application
    require(actor, action, own_subject(application))
    answers = may(actor, Action.ANSWER_FINDING, own_subject(application))
    return OwnFindingPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        detail=finding_detail(session, application, finding, today),
        library=offered(application.organisation_id, set())
        if may(actor, Action.SEE_LIBRARY, own_subject(application))
        else (),
        can_plan=answers and (finding.status, FindingMove.OFFER_PLAN) in FINDING_MOVES,
        can_say_put_right=answers and (finding.status, FindingMove.OFFER_EVIDENCE) in FINDING_MOVES,
    )

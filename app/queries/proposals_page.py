"""All that one application could take from elsewhere, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.access import Actor
from app.domain.lifecycle import EDITABLE
from app.domain.self_assessment import Progress
from app.extensions import db
from app.queries.proposals import Offer, RepliedRow, offers_for, replies_of
from app.queries.self_assessments import own_application, self_assessment_of

MOST_SHOWN = 100


@dataclass(frozen=True)
class ProposalRow:
    """One criterion with the best answer offered on it. `written` says that it has words of its own already."""

    code: str
    heading: str
    offer: Offer
    more: int
    progress: Progress
    written: bool


@dataclass(frozen=True)
class ProposalsPage:
    """What could be used again in one application: the first hundred criteria, and how many there are in all."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    editable: bool
    total: int
    rows: tuple[ProposalRow, ...]
    taken: tuple[tuple[str, RepliedRow], ...]
    declined: tuple[tuple[str, RepliedRow], ...]


def proposals_page(application_id: int, actor: Actor) -> ProposalsPage:
    """Everything offered in one application, in reading order. At most seven statements. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    work = self_assessment_of(db.session(), application)
    replied = replies_of(db.session(), application.id)
    criteria = [each.criterion for each in work.applying]
    editable = application.status in EDITABLE
    offers = offers_for(db.session(), application, criteria, replied) if editable else {}
    rows = [
        ProposalRow(
            code=criterion.code,
            heading=str(criterion.heading),
            offer=offers[criterion.code][0],
            more=len(offers[criterion.code]) - 1,
            progress=work.progress(criterion),
            written=bool(work.claim(criterion).reason.strip()),
        )
        for criterion in criteria
        if offers.get(criterion.code)
    ]
    return ProposalsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{work.framework.title} {work.framework.edition}",
        editable=editable,
        total=len(rows),
        rows=tuple(rows[:MOST_SHOWN]),
        taken=tuple((code, row) for code, found in replied.items() for row in found if row.reply == "accepted"),
        declined=tuple((code, row) for code, found in replied.items() for row in found if row.reply == "declined"),
    )

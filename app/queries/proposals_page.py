"""All that one application could take from elsewhere, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.domain.access import Actor
from app.domain.framework import Criterion
from app.domain.lifecycle import EDITABLE
from app.domain.proposals import Here, Reply
from app.extensions import db
from app.queries.proposals import Offer, RepliedRow, offers_one_by_one, replies_of
from app.queries.self_assessments import SelfAssessment, own_application, self_assessment_of

MOST_SHOWN = 100


@dataclass(frozen=True)
class ProposalRow:
    """One criterion with the best answer offered on it. `written` says that it has words of its own already."""

    code: str
    heading: str
    offer: Offer
    more: int
    written: bool


@dataclass(frozen=True)
class ProposalsPage:
    """What could be used again in one application: on the first hundred criteria, and whether there are more."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    editable: bool
    rows: tuple[ProposalRow, ...]
    more: bool
    taken: tuple[tuple[str, RepliedRow], ...]
    declined: tuple[tuple[str, RepliedRow], ...]


def proposals_page(application_id: int, actor: Actor) -> ProposalsPage:
    """Everything offered in one application, in reading order. At most seven statements. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    work = self_assessment_of(db.session(), application)
    replied = replies_of(db.session(), application.id)
    editable = application.status in EDITABLE
    standing = {each.criterion.code: _here(work, each.criterion) for each in work.applying} if editable else {}
    offers = offers_one_by_one(db.session(), application, standing, replied)
    rows = tuple(islice(_rows(work, offers), MOST_SHOWN + 1))
    return ProposalsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{work.framework.title} {work.framework.edition}",
        editable=editable,
        rows=rows[:MOST_SHOWN],
        more=len(rows) > MOST_SHOWN,
        taken=tuple((code, row) for code, found in replied.items() for row in found if row.reply is Reply.ACCEPTED),
        declined=tuple((code, row) for code, found in replied.items() for row in found if row.reply is Reply.DECLINED),
    )


def _here(work: SelfAssessment, criterion: Criterion) -> Here:
    return Here(work.claim(criterion), frozenset(row.item_id for row in work.evidence.get(criterion.code, ())))


def _rows(work: SelfAssessment, offers: Iterable[tuple[str, tuple[Offer, ...]]]) -> Iterator[ProposalRow]:
    """Where several are taken at once, words come only where there are none: only what brings something then is listed."""
    for code, found in offers:
        criterion = work.framework.criterion(code)
        written = bool(work.claim(criterion).reason.strip())
        useful = [offer for offer in found if offer.new_evidence or (offer.new_words and not written)]
        if useful:
            best, *more = useful
            yield ProposalRow(code, str(criterion.heading), best, len(more), written)

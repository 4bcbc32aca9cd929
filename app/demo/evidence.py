"""Evidence of the kinds that ask for more: what a service changed, measured, and what was seen and heard; and a dead link."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.backends.links import Answer, KnownLinks
from app.demo import documents
from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.evidence import Contents
from app.domain.lifecycle import EDITABLE
from app.extensions import db
from app.models import Application, EvidenceItem, EvidenceVersion
from app.queries.self_assessments import self_assessment_of
from app.services import evidence
from app.services.evidence import Behind, NewEvidence
from app.services.link_checks import check_links
from app.services.uploads import Upload

MEASURING = ("bay-memory", "kent-estuary")
BROUGHT, GONE_SINCE = 12, 4  # days ago
RESULTS = "outcome-results"
GONE = "404 Not Found"
LONELINESS: dict[str, Any] = {
    "measures": "Loneliness of people who joined",
    "method": "The three questions that the Office for National Statistics recommends, asked by a volunteer at the first "
    "visit and again after six months. Everybody who joined and could answer was asked.",
    "people": 46,
    "unit": "points from 3 to 9, lower is better",
    "baseline": "6.8",
    "result": "4.9",
}
OBSERVED = (
    "I watched two sessions from beginning to end. People were greeted by name and asked what they wanted to do. One "
    "person was helped to leave the room when it grew loud, without being asked why in front of others. The fire door was "
    "blocked by chairs at the second session; they were moved at once, and it is now on the opening list."
)


def evidence_stories(stage: Stage, today: date) -> list[Story]:
    """What is measured and seen at two providers, and at the first a page that is no longer where it was."""
    told = [_measuring(stage, stage.cast.provider(key), today) for key in MEASURING]
    return [*told, _a_page_is_gone(stage, stage.cast.provider(MEASURING[0]), today)]


def _measuring(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(BROUGHT), 11, provider.serial % 60)
    period = {"period_from": today - days(400), "period_to": today - days(40)}
    table = documents.csv_file(
        [("When", "People", "Average"), ("At the first visit", 46, 6.8), ("After six months", 46, 4.9)]
    )
    measure = NewEvidence(
        "outcome-measure",
        "Loneliness before and after six months",
        Contents(issued_on=today - days(30), details={**LONELINESS, **period}),
        Upload("loneliness.csv", BytesIO(table)),
    )
    _bring(stage, provider, measure, _asking_for_results(stage, provider))
    yield at(today - days(BROUGHT), 11, (provider.serial + 9) % 60)
    details = {"who": "Trustee who visits twice a year", "on": today - days(45), "place": "Weekly group"}
    seen = NewEvidence("observation", "A trustee watched two sessions", Contents(text=OBSERVED, details=details))
    _bring(stage, provider, seen)


def _bring(stage: Stage, provider: Provider, new: NewEvidence, behind: Behind | None = None) -> None:
    evidence.add_evidence(
        stage.organisation_ids[provider.key],
        new,
        storage=stage.storage,
        actor=stage.actor(provider.people[0]),
        now=stage.now,
        today=stage.today,
        behind=behind,
    )


def _asking_for_results(stage: Stage, provider: Provider) -> Behind | None:
    """The criterion of an open application that asks for results; None where none does, or there is none open."""
    application = db.session.scalars(
        select(Application)
        .where(Application.organisation_id == stage.organisation_ids[provider.key], Application.status.in_(EDITABLE))
        .order_by(Application.id)
        .limit(1)
    ).first()
    if application is None:
        return None
    for each in self_assessment_of(db.session(), application, today=stage.today).applying:
        for ask in each.evidence:
            if ask.code == RESULTS:
                return Behind(application.id, each.criterion.code, ask.code)
    return None


def _a_page_is_gone(stage: Stage, provider: Provider, today: date) -> Story:
    """The addresses of the demonstration are invented, so that nothing is asked over the network: it is known what they say."""
    for ago in (GONE_SINCE + 7, GONE_SINCE, GONE_SINCE - 1):
        yield at(today - days(ago), 5, 30)
        gone = {url: Answer(False, GONE) for url in _addresses(stage, provider)[:1]} if ago <= GONE_SINCE else {}
        check_links(stage.now, KnownLinks(gone), invented=True)


def _addresses(stage: Stage, provider: Provider) -> list[str]:
    found = (
        select(EvidenceVersion.url)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(EvidenceItem.organisation_id == stage.organisation_ids[provider.key], EvidenceVersion.url != "")
        .order_by(EvidenceVersion.id.desc())
    )
    return list(db.session.scalars(found))

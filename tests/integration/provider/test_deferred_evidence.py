"""What is read of a deferred case while its provider works on it: the versions that were scored, and no others."""

from __future__ import annotations

from datetime import timedelta

from app.backends.storage import MemoryStorage
from app.domain.evidence import Contents
from app.domain.lifecycle import ApplicationMove, ApplicationStatus
from app.extensions import db
from app.queries.answers import answer_page
from app.queries.frameworks import framework_of
from app.queries.reading import area_reading
from app.queries.scoring import score_page
from app.services import applications, evidence
from app.services.applications import Declaration
from app.services.evidence import Behind, NewEvidence
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, Case, assess, call, submitted_case

BACK = NOON + timedelta(days=9)


def _bring(case: Case, text: str, item_id: int | None = None) -> int:
    """A statement behind GOV.1.1, or the next version of one. Returns its id."""
    new = NewEvidence("statement", text, Contents(text=text))
    common = {"storage": MemoryStorage(), "actor": make.actor(case.lead), "now": NOON, "today": TODAY}
    if item_id is None:
        return evidence.add_evidence(case.provider.id, new, behind=Behind(case.application_id, "GOV.1.1"), **common)
    evidence.add_version(item_id, new, **common)
    return item_id


def _submit(case: Case, now=NOON) -> None:
    words = Declaration("Ada Reed", "Chair", True)
    applications.submit(case.application_id, words, actor=make.actor(case.lead), now=now)


def _read(case: Case, assessment_id: int) -> tuple[list[str], list[str], list[str]]:
    """The texts behind GOV.1.1 as the assessor, the panel and the office, and the provider read them."""
    scoring = score_page(assessment_id, "GOV.1.1", make.actor(case.assessor), NOON.date())
    area = area_reading(db.session(), case.application, "GOV", NOON.date())
    answering = answer_page(case.application_id, "GOV.1.1", make.actor(case.lead), TODAY)
    shown = [row for node in area.nodes for criterion in node.criteria for row in criterion.evidence]
    return tuple([row.text for row in rows] for rows in (scoring.evidence, shown, answering.evidence))


def test_assessor_and_panel_read_what_was_scored_until_a_deferred_application_is_handed_in_again(app):
    case = submitted_case(status=ApplicationStatus.DRAFT)
    item_id = _bring(case, "As it was scored.")
    _submit(case)
    assessment_id = assess(case)
    call(case)
    case.application.make(ApplicationMove.DEFER, NOON)
    db.session.commit()
    _bring(case, "As it is now.", item_id)
    asked = framework_of(case.application.edition).criterion("GOV.1.1").evidence[0].code
    for shows in ("", asked):
        behind = Behind(case.application_id, "GOV.1.1", shows)
        evidence.attach_evidence(item_id, behind, actor=make.actor(case.lead), now=NOON)
    _bring(case, "Never scored.")
    now = ["As it is now.", "Never scored."]
    assert _read(case, assessment_id) == (["As it was scored."], ["As it was scored."], now)
    _submit(case, BACK)
    assert _read(case, assessment_id) == (now, now, now)

"""What an assessor keeps beside the scores of one case: for the examples of tests/integration/everything.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.populations import members_of_range, population_hash
from app.domain.sampling import draw
from app.domain.visits import NoteKind, ProposalState, VisitStatus, VisitWay
from app.models import (
    Assessment,
    AssessorPhrase,
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
    Visit,
    VisitDraw,
    VisitGoer,
    VisitNote,
    VisitProposal,
)
from tests import factories as make
from tests.conftest import NOON


@dataclass
class Beside:
    """`link_id` is the version of a link behind the case's first criterion."""

    phrase_id: int
    link_id: int
    visit_id: int
    draw_id: int
    proposal_id: int
    note_id: int


def beside(assessment: Assessment, code: str) -> Beside:
    """All of it, saved."""
    visit = _visit(assessment)
    return Beside(
        phrase_id=_phrase(assessment),
        link_id=_link(assessment, code),
        visit_id=visit.id,
        draw_id=_draw(visit, assessment.assessor_id),
        proposal_id=_proposal(visit, assessment.application.started_by_id),
        note_id=_note(assessment, visit, code),
    )


def _visit(assessment: Assessment) -> Visit:
    visit = make.save(
        Visit(
            application_id=assessment.application_id,
            assessment_id=assessment.id,
            status=VisitStatus.PLANNED,
            way=VisitWay.ONLINE,
            starts_at=NOON + timedelta(days=9),
            ends_at=NOON + timedelta(days=9, hours=2),
            place="By video",
            meets="Two volunteers",
            created_at=NOON,
            updated_at=NOON,
        )
    )
    make.save(VisitGoer(visit_id=visit.id, user_id=assessment.assessor_id))
    return visit


def _draw(visit: Visit, by: int) -> int:
    members = members_of_range("1-9")
    return make.save(
        VisitDraw(
            visit_id=visit.id,
            of="files",
            population="Numbers 1-9",
            population_size=9,
            population_hash=population_hash(members),
            size=2,
            seed="a seed",
            drawn=list(draw(members, 2, "a seed")),
            drawn_at=NOON,
            drawn_by_id=by,
        )
    ).id


def _proposal(visit: Visit, by: int) -> int:
    later = {"starts_at": visit.starts_at + timedelta(days=1), "ends_at": visit.ends_at + timedelta(days=1)}
    return make.save(VisitProposal(visit_id=visit.id, state=ProposalState.OPEN, by_id=by, at=NOON, **later)).id


def _note(assessment: Assessment, visit: Visit, code: str) -> int:
    return make.save(
        VisitNote(
            assessment_id=assessment.id,
            visit_id=visit.id,
            kind=NoteKind.OBSERVATION,
            criteria=[code],
            text="The minute book lies open in the office.",
            happened_at=NOON,
            updated_at=NOON,
        )
    ).id


def _phrase(assessment: Assessment) -> int:
    phrase = AssessorPhrase(user_id=assessment.assessor_id, point="2", text="Seen in the minutes.", created_at=NOON)
    return make.save(phrase).id


def _link(assessment: Assessment, code: str) -> int:
    application = assessment.application
    by = application.started_by_id
    item = make.save(
        EvidenceItem(
            organisation_id=application.organisation_id,
            title="Our page of minutes",
            kind="link",
            created_at=NOON,
            created_by_id=by,
        )
    )
    version = make.save(
        EvidenceVersion(
            item_id=item.id, number=1, sha256="", url="https://example.org/minutes", added_at=NOON, added_by_id=by
        )
    )
    make.save(
        AttachedEvidence(
            application_id=application.id,
            criterion_code=code,
            item_id=item.id,
            version_id=version.id,
            attached_at=NOON,
            attached_by_id=by,
        )
    )
    return version.id

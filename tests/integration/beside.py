"""What an assessor keeps beside the scores of one case: for the examples of tests/integration/everything.py."""

from __future__ import annotations

from dataclasses import dataclass

from app.models import (
    Assessment,
    AssessorPhrase,
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
)
from tests import factories as make
from tests.conftest import NOON


@dataclass
class Beside:
    """`link_id` is the version of a link behind the case's first criterion."""

    phrase_id: int
    link_id: int


def beside(assessment: Assessment, code: str) -> Beside:
    """All of it, saved."""
    return Beside(phrase_id=_phrase(assessment), link_id=_link(assessment, code))


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

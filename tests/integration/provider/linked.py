"""Two frameworks of which the first links its criteria to the second, and answers with evidence under them."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import Answer, AttachedEvidence, EvidenceItem, EvidenceVersion
from tests import factories
from tests.conftest import NOON

MEETS = "text: Trustees meet at least four times a year and keep minutes."
DUTIES = "text: New trustees are told their duties."
POLICY = "text: There is a safeguarding policy that everybody knows."


def source(code: str, more: Mapping[str, str] | None = None) -> str:
    """The small framework under another code. `more` maps one of its lines to a line that is put below it."""
    text = factories.SMALL_FRAMEWORK.replace("framework: small-mark", f"framework: {code}")
    text = text.replace("title: Small Mark", f"title: {code.replace('-', ' ').title()}")
    for line, below in (more or {}).items():
        text = text.replace(line, f"{line}\n            {below}")
    return text


def answered(application, code, reason="We meet six times a year.", point=2, version=1):
    by = application.started_by_id
    return factories.save(
        Answer(
            application_id=application.id,
            criterion_code=code,
            point=point,
            reason=reason,
            version=version,
            updated_at=NOON,
            updated_by_id=by,
        )
    )


def evidenced(application, code, title="Minutes of May", asked_code=""):
    by = application.started_by_id
    item = factories.save(
        EvidenceItem(
            organisation_id=application.organisation_id, title=title, kind="link", created_at=NOON, created_by_id=by
        )
    )
    factories.save(
        EvidenceVersion(
            item_id=item.id,
            number=1,
            url=f"https://example.org/{item.id}",
            sha256="0" * 64,
            added_at=NOON,
            added_by_id=by,
        )
    )
    factories.save(
        AttachedEvidence(
            application_id=application.id,
            criterion_code=code,
            item_id=item.id,
            asked_code=asked_code,
            attached_at=NOON,
            attached_by_id=by,
        )
    )
    return item

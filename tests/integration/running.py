"""What an award that runs has collected: a certificate, a return that was sent, a spot check: for the two of everything."""

from __future__ import annotations

from app.domain.access import Role
from app.domain.lifecycle import SurveillanceStatus
from app.models import Award, CertificateVersion, SpotCheck, SpotDraw, Surveillance, User
from tests import factories as make
from tests.conftest import NOON


def run(award: Award, people: dict[Role, User]) -> int:
    """A certificate, a return that waits to be read, and a spot check given to the assessor. Returns the check's id."""
    today = NOON.date()
    make.save(
        CertificateVersion(
            award_id=award.id,
            version=1,
            issued_on=award.granted_on,
            issued_at=NOON,
            level=award.level,
            level_title=award.level_title,
            holder_name=award.holder_name,
            scope=list(award.scope),
            expires_on=award.expires_on,
            storage_key=award.certificate_key,
            sha256=award.certificate_sha256,
        )
    )
    make.save(
        Surveillance(
            award_id=award.id,
            number=1,
            opens_on=today,
            due_on=today,
            opened_at=NOON,
            status=SurveillanceStatus.RETURNED,
            said={"people": "A new chair."},
            returned_at=NOON,
            returned_by_id=people[Role.LEAD].id,
        )
    )
    draw = SpotDraw(
        scheme_id=award.scheme_id,
        seed="seed",
        percent=10,
        population=[award.number],
        drawn=[award.number],
        drawn_on=today,
        drawn_at=NOON,
        drawn_by_id=people[Role.MANAGER].id,
    )
    make.save(draw)
    assessor = people[Role.ASSESSOR].id
    return make.save(SpotCheck(draw_id=draw.id, award_id=award.id, assessor_id=assessor, due_on=today)).id

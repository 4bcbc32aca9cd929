"""Spot checks are drawn so that anybody can draw them again, given to somebody without a tie, and written down once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.domain.sampling import draw
from app.extensions import db
from app.models import AuditRow, Award, Interest, SpotCheck, SpotDraw
from app.services import spot_checks
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, submitted_case
from tests.told import told

DUE = TODAY + timedelta(days=20)


@pytest.fixture
def case(app):
    """Eleven awards that stand in one scheme, one that is suspended and one that has run out."""
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.award(case.application)
    for values in (*[{}] * 10, {"status": AwardStatus.SUSPENDED}, {"expires_on": TODAY - timedelta(days=1)}):
        other = make.application(
            make.organisation(), case.application.edition, status=ApplicationStatus.AWARDED, submitted_at=NOON
        )
        make.award(other, **values)
    return case


def office(case) -> dict[str, object]:
    return {"actor": make.actor(case.manager), "now": NOON, "today": TODAY}


def drawn(case, percent=10, seed="a seed") -> list[SpotCheck]:
    spot_checks.draw_spot_checks(case.scheme.code, percent, seed, **office(case))
    return list(db.session.scalars(select(SpotCheck).order_by(SpotCheck.id)))


def test_the_draw_is_of_what_stands_is_kept_whole_and_gives_the_same_again(case):
    checks = drawn(case)
    kept = db.session.scalars(select(SpotDraw)).one()
    assert len(kept.population) == 11 and len(checks) == 2, "a tenth of eleven is a little more than one"
    assert tuple(kept.drawn) == draw(kept.population, 2, "a seed")
    assert [each.award.number for each in checks] == kept.drawn
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "spot-check.drawn")).one()
    assert (row.detail["seed"], row.detail["drawn"], row.scheme_id) == ("a seed", kept.drawn, case.scheme.id)


def test_nobody_draws_until_they_like_it_and_an_auditor_draws_nothing(case, client_for):
    page_url = f"/schemes/{case.scheme.code}/spot-checks"
    manager = client_for(case.manager)
    assert "11 awards stand today" in manager.get(page_url).text
    assert "Enter a whole number from 1 to 100." in manager.post(f"{page_url}/draw", data={"percent": "0"}).text
    assert manager.post(f"{page_url}/draw", data={"percent": "25"}).status_code == 302
    again = manager.post(f"{page_url}/draw", data={"percent": "25"})
    assert again.status_code == 422 and "drawn today already" in again.text
    assert len(db.session.scalars(select(SpotDraw)).all()) == 1
    auditor = client_for(case.auditor)
    page = auditor.get(page_url).text
    assert "Repeat this draw" in page and db.session.scalars(select(SpotDraw.seed)).one() in page
    assert auditor.post(f"{page_url}/draw", data={"percent": "25"}).status_code == 403


def test_it_goes_to_an_assessor_without_a_tie_who_writes_down_once_what_was_seen(case, client_for):
    check = drawn(case)[0]
    tied = make.officer(case.scheme, Role.ASSESSOR, name="Tied Tam")
    tie = {"nature": "Chairs it", "declared_at": NOON}
    make.save(Interest(user_id=tied.id, organisation_id=check.award.organisation_id, **tie))
    with pytest.raises(Invalid, match="Tied Tam has a tie"):
        spot_checks.assign_spot_check(check.id, tied.id, DUE, **office(case))
    manager, address = client_for(case.manager), f"/schemes/{case.scheme.code}/spot-checks/{check.id}"
    page = manager.get(address)
    assert "Assessor Ash" in page.text and "Tied Tam" not in page.text
    day = {"due_on-day": DUE.day, "due_on-month": DUE.month, "due_on-year": DUE.year}
    assert manager.post(address, data={"assessor": str(case.assessor.id), **day}).status_code == 302
    assert f"{address}/record" in told(case.assessor)[-1].text
    assessor = client_for(case.assessor)
    assert "Spot check" in assessor.get(f"{address}/record").text
    empty = assessor.post(f"{address}/record", data={"seen": " "})
    assert empty.status_code == 422 and "Write what you saw." in empty.text
    assert assessor.post(f"{address}/record", data={"seen": "All was in order."}).status_code == 302
    assert "All was in order." in manager.get(address).text
    assert told(case.manager)[-1].subject.endswith("is done")
    actor = make.actor(case.assessor)
    with pytest.raises(Conflict):
        spot_checks.record_spot_check(check.id, "Other words.", actor=actor, now=NOON, today=TODAY)


def test_who_was_not_asked_or_has_a_tie_by_now_records_nothing(case):
    check = drawn(case)[0]
    spot_checks.assign_spot_check(check.id, case.assessor.id, DUE, **office(case))
    other = make.officer(case.scheme, Role.ASSESSOR)
    with pytest.raises(NotAllowed):
        spot_checks.record_spot_check(check.id, "Seen.", actor=make.actor(other), now=NOON, today=TODAY)
    holder = db.session.get(Award, check.award_id).organisation_id
    make.save(Interest(user_id=case.assessor.id, organisation_id=holder, nature="Joined it", declared_at=NOON))
    with pytest.raises((NotAllowed, NotFound)):
        spot_checks.record_spot_check(check.id, "Seen.", actor=make.actor(case.assessor), now=NOON, today=TODAY)
    assert db.session.scalars(select(SpotCheck.seen)).all() == ["", ""]


def test_the_page_of_a_night_shows_what_the_work_would_do_and_says_what_is_wrong_with_a_day(case, client_for):
    manager, page_url = client_for(case.manager), f"/schemes/{case.scheme.code}/tonight"
    page = manager.get(f"{page_url}?on=2027-02-01").text
    assert "Ask for the yearly return: 12" in page and case.provider.name in page
    assert "Nothing is due on that day." in manager.get(f"{page_url}?on=2026-12-24").text
    wrong = manager.get(f"{page_url}?on-day=31&on-month=2&on-year=2027")
    assert wrong.status_code == 422 and "must be a real date" in wrong.text
    past = manager.get(f"{page_url}?on-day=1&on-month=1&on-year=2020")
    assert past.status_code == 422 and "from today on" in past.text
    assert client_for(case.auditor).get(page_url).status_code == 200
    assert db.session.scalars(select(AuditRow).where(AuditRow.action.startswith("surveillance"))).all() == []

"""Scope, level and name: each change with a certificate of its own, the old one kept, and the register told."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import current_app
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.domain.parts import SiteKind
from app.edge.backends import storage
from app.extensions import db
from app.models import AuditRow, Award, CertificateVersion, Organisation, RegisterEntry, RegisterEvent, Site
from app.queries.award_moves import seen_as
from app.services import award_changes, awards
from app.services.award_changes import Lower, NewScope, Reissue
from app.services.awards import Change
from app.services.decisions import Decided, record_decision
from app.services.issuing import Issue, Press
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import SILVER, TODAY, submitted_case, voted_case
from tests.told import told

PROVISIONAL = make.SMALL_FRAMEWORK.replace(
    "restore_within: 6 months}",
    "restore_within: 6 months, by_level: {silver: {valid: 1 year, provisional: true}}}",
)


def press() -> Press:
    return Press(Issue("http://localhost", Path(current_app.config["FONT_DIR"])), storage())


def the_award() -> Award:
    db.session.expire_all()
    return db.session.scalars(select(Award).order_by(Award.id.desc())).first()


def granted(source: str = make.SMALL_FRAMEWORK):
    """An award that a panel has granted, with its first certificate."""
    case, panel = voted_case(SILVER, source=source) if source != make.SMALL_FRAMEWORK else voted_case(SILVER)
    chair = make.actor(case.sitters[1])
    its = press()
    decided = Decided(SILVER, "All in place.")
    record_decision(panel.id, decided, issue=its.issue, storage=its.storage, actor=chair, now=NOON, today=TODAY)
    return case


def by_office(case) -> dict[str, object]:
    return {"actor": make.actor(case.manager), "now": NOON, "today": TODAY}


def test_a_service_is_dropped_with_a_new_certificate_and_the_old_file_stays(app, client_for):
    case = granted()
    organisation = db.session.get(Organisation, case.provider.id)
    assert the_award().scope[0] == "Befriending and companionship"
    organisation.services = ["befriending", "advocacy"]
    db.session.commit()
    with pytest.raises(Invalid, match="how what is added was assessed"):
        award_changes.change_scope(
            the_award().id, NewScope("They asked.", services=("befriending", "advocacy")), press(), **by_office(case)
        )
    change = NewScope("They asked.", services=("advocacy",), sites=("Elm House",), assessed="Seen on 3 Nov by Ash.")
    before = the_award().certificate_sha256
    award_changes.change_scope(the_award().id, change, press(), **by_office(case))
    award = the_award()
    assert "At Elm House" in award.scope and "Befriending and companionship" not in award.scope
    assert award.status is AwardStatus.AWARDED and award.status_reason == ""
    versions = db.session.scalars(select(CertificateVersion).order_by(CertificateVersion.version)).all()
    assert [(each.version, each.sha256 == before) for each in versions] == [(1, True), (2, False)]
    assert award.certificate_sha256 == versions[1].sha256 and versions[0].why == ""
    assert db.session.scalars(select(RegisterEntry)).one().services == ["advocacy"]
    assert db.session.scalars(select(RegisterEvent.kind).order_by(RegisterEvent.id)).all() == [
        "awarded",
        "scope-changed",
    ]
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "award.scope-changed")).one()
    assert row.detail["assessed"] == "Seen on 3 Nov by Ash." and "Befriending" in row.detail["before"]
    lead = client_for(case.lead)
    for version in (1, 2):
        file = lead.get(f"/awards/{award.id}/certificates/{version}.pdf")
        assert file.data[:5] == b"%PDF-"
    page = client_for(case.manager).get(f"/verify/{award.number}")
    assert "Version 2" in page.text and before in page.text
    assert "At Elm House" in lead.get(f"/awards/{award.id}").text


def test_the_scope_page_offers_what_is_covered_and_what_the_holder_has_now(app, client_for):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    make.save(Site(organisation_id=case.provider.id, name="بيت الأمل", kind=SiteKind.PLACE, created_at=NOON))
    office = client_for(case.manager)
    page = office.get(f"{case.url}/award/scope")
    assert "Befriending" in page.text and "بيت الأمل" in page.text
    data = {"services": ["befriending"], "sites": ["بيت الأمل"], "reason": "", "public": "Elm House only."}
    refused = office.post(f"{case.url}/award/scope", data=data)
    assert refused.status_code == 422 and "Elm House only." in refused.text
    assert office.post(f"{case.url}/award/scope", data={**data, "reason": "They moved."}).status_code == 302
    assert the_award().scope[1] == "At بيت الأمل"


def test_an_award_comes_down_a_level_also_while_it_is_suspended_and_keeps_its_last_day(app):
    case = granted()
    until = the_award().expires_on
    awards.suspend(the_award().id, Change("A concern.", ""), **by_office(case))
    with pytest.raises(Invalid, match="below"):
        award_changes.reduce_level(the_award().id, Lower("Less.", level="silver"), press(), **by_office(case))
    award_changes.reduce_level(the_award().id, Lower("Less.", level="bronze"), press(), **by_office(case))
    award = the_award()
    assert (award.level, award.status, award.expires_on) == ("bronze", AwardStatus.SUSPENDED, until)
    assert award.suspended_until == date(2027, 5, 16)
    assert db.session.scalars(select(RegisterEntry)).one().level_title == "Bronze"
    assert told(case.lead)[-1].subject == "The level of your award is reduced to Bronze"


def test_a_provisional_award_says_so_comes_back_as_it_was_and_lasts_as_any_other_once_it_is_confirmed(app, client_for):
    case = granted(PROVISIONAL)
    award = the_award()
    assert (award.status, award.expires_on) == (AwardStatus.PROVISIONAL, date(2027, 11, 15))
    assert "Provisionally approved until 15 Nov 2027" in client_for(case.manager).get(f"/verify/{award.number}").text
    awards.suspend(award.id, Change("A concern.", ""), **by_office(case))
    awards.reinstate(award.id, Change("All seen.", ""), **by_office(case))
    assert the_award().status is AwardStatus.PROVISIONAL
    award_changes.confirm(award.id, Reissue("The missing policy was seen."), press(), **by_office(case))
    award = the_award()
    assert (award.status, award.expires_on, award.provisional) == (AwardStatus.AWARDED, date(2029, 11, 15), False)
    assert told(case.lead)[-1].subject == "Your award is confirmed"
    with pytest.raises(Conflict, match="Manager Morgan"):
        award_changes.confirm(award.id, Reissue("Again."), press(), **by_office(case))


def test_a_certificate_is_issued_again_in_the_new_name_and_the_register_follows(app):
    case = granted()
    before = case.provider.name
    db.session.get(Organisation, case.provider.id).name = "Bay Friends"
    db.session.commit()
    award_changes.reissue(the_award().id, Reissue("They changed their name."), press(), **by_office(case))
    assert the_award().holder_name == "Bay Friends"
    assert db.session.scalars(select(RegisterEntry)).one().name == "Bay Friends"
    names = db.session.scalars(select(CertificateVersion.holder_name).order_by(CertificateVersion.version)).all()
    assert names == [before, "Bay Friends"]


def test_a_suspension_lasts_six_months_at_most_unless_the_manager_says_why(app, client_for):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    office, page_url = client_for(case.manager), f"{case.url}/award/suspend"
    day = {"until-day": "1", "until-month": "9", "until-year": "2027"}
    data = {"reason": "A concern.", "public": "Suspended.", **day}
    refused = office.post(page_url, data=data)
    assert refused.status_code == 422 and "until 16 May 2027. Say why this one takes longer." in refused.text
    assert "A concern." in refused.text
    assert office.post(page_url, data={**data, "longer": "The police look into it."}).status_code == 302
    assert the_award().suspended_until == date(2027, 9, 1)
    assert "until 1 Sep 2027" in told(case.lead)[-1].text
    moved = {"reason": "They are done.", "public": "", "until-day": "1", "until-month": "2", "until-year": "2027"}
    assert office.post(f"{case.url}/award/move-last-day", data=moved).status_code == 302
    assert the_award().suspended_until == date(2027, 2, 1)
    assert office.post(f"{case.url}/award/reinstate", data={"reason": "Seen."}).status_code == 302
    assert the_award().suspended_until is None


def test_the_second_of_two_managers_who_suspend_at_once_hears_who_was_first_and_loses_no_word(app, client_for):
    """Two real threads: whichever is first, the other is told of it by name and moment."""
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    other = make.officer(case.scheme, Role.MANAGER, name="Manager Mo")
    award_id, actors = the_award().id, [make.actor(case.manager), make.actor(other)]
    start, outcome = Barrier(2), {}

    def act(actor) -> None:
        with app.app_context():
            start.wait()
            try:
                awards.suspend(award_id, Change(f"By {actor.name}.", ""), actor=actor, now=NOON, today=TODAY)
                outcome[actor.name] = "done"
            except Conflict as error:
                outcome[actor.name] = error.message
            finally:
                db.session.remove()

    threads = [Thread(target=act, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    db.session.rollback()
    first = next(name for name, words in outcome.items() if words == "done")
    second = next(name for name in outcome if name != first)
    assert f"{first} changed this award on 16 Nov 2026 at 12:00: it is suspended now." in outcome[second]
    assert len(db.session.scalars(select(AuditRow).where(AuditRow.action == "award.suspended")).all()) == 1
    page = client_for(other).post(
        f"{case.url}/award/suspend",
        data={"reason": "What I typed.", "public": "", "until-day": "1", "until-month": "2", "until-year": "2027"},
    )
    assert page.status_code == 409
    assert "What I typed." in page.text and first in page.text


def test_a_page_that_is_older_than_the_award_changes_nothing(app):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    seen = seen_as(the_award())
    awards.suspend(the_award().id, Change("A concern.", ""), **by_office(case))
    with pytest.raises(Conflict, match="Manager Morgan changed this award"):
        awards.withdraw(the_award().id, Change("Enough.", "", seen=seen), **by_office(case))
    assert the_award().status is AwardStatus.SUSPENDED


def test_a_lead_gives_the_award_up_on_a_page_that_asks_twice_and_a_colleague_cannot(app, client_for):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    lead, page_url = client_for(case.lead), f"/awards/{the_award().id}/give-up"
    assert "cannot be undone" in lead.get(page_url).text
    unsure = lead.post(page_url, data={"reason": "We close."})
    assert unsure.status_code == 422 and "We close." in unsure.text
    assert lead.post(page_url, data={"reason": "We close.", "sure": "y"}).status_code == 302
    assert the_award().status is AwardStatus.SURRENDERED
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "award.surrendered")).one()
    assert row.actor_name == case.lead.name and row.detail["reason"] == "We close."
    assert told(case.manager)[-1].subject == f"{case.provider.name} has given its award up"
    colleague = make.member(case.provider, Role.CONTRIBUTOR)
    with pytest.raises(NotAllowed):
        awards.give_up(the_award().id, Change("", ""), actor=make.actor(colleague), now=NOON, today=TODAY)
    assert "given up" in lead.get(f"/awards/{the_award().id}").text.lower()


@pytest.mark.parametrize(
    ("ended", "first_day", "last_day"),
    [
        (TODAY - timedelta(days=1), None, date(2029, 11, 15)),
        (date(2026, 5, 31), date(2026, 6, 1), date(2029, 5, 31)),
        (date(2027, 3, 31), date(2027, 4, 1), date(2030, 3, 31)),
        (date(2026, 4, 30), None, date(2029, 11, 15)),
    ],
    ids=["yesterday", "late but inside", "early", "too late"],
)
def test_a_renewal_goes_on_where_the_old_cycle_ended_inside_the_window_alone(app, ended, first_day, last_day):
    case, panel = voted_case(SILVER)
    old = make.application(case.provider, case.application.edition, status=ApplicationStatus.AWARDED, submitted_at=NOON)
    make.award(old, granted_on=date(2023, 11, 1), status_on=date(2023, 11, 1), expires_on=ended)
    its = press()
    record_decision(
        panel.id,
        Decided(SILVER, "All in place."),
        issue=its.issue,
        storage=its.storage,
        actor=make.actor(case.sitters[1]),
        now=NOON,
        today=TODAY,
    )
    award = the_award()
    expected = first_day or (TODAY if ended == TODAY - timedelta(days=1) else None)
    assert (award.granted_on, award.cycle_from, award.expires_on) == (TODAY, expected, last_day)

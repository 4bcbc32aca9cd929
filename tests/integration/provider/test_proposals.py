"""An answer given once is offered where another framework says that it answers something too."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Answer, Assessment, AttachedEvidence, AuditRow, Proposal
from tests import factories
from tests.conftest import NOON
from tests.integration.provider.linked import POLICY, answered, evidenced, source


def url(application, code="GOV.1.1", more=""):
    return f"/applications/{application.id}/criteria/{code}{more}"


def take(browser, into, origin, code="GOV.1.1", part="words", **typed):
    typed = {"version": "0", "reason": "", **typed}
    return browser.post(url(into, code, "/proposals/accept"), data={"take": f"{part} {origin}", **typed})


def own(application, code="GOV.1.1"):
    return db.session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == code)
    ).first()


def attached(application, code="GOV.1.1"):
    return db.session.scalars(
        select(AttachedEvidence).where(
            AttachedEvidence.application_id == application.id, AttachedEvidence.criterion_code == code
        )
    ).all()


def actions():
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id))
    return [row.action for row in rows]


def test_an_answer_is_taken_with_its_evidence_and_shows_where_it_came_from(browser, first, second, lead):
    answered(first, "GOV.1.1")
    item = evidenced(first, "GOV.1.1", asked_code="minutes")
    page = browser.get(url(second)).text
    assert "You answered something similar" in page and "First Mark 2026" in page
    assert "We meet six times a year." in page and "Minutes of May" in page
    assert "answers this criterion whole" in page

    origin = f"{first.id}:1:GOV.1.1"
    assert take(browser, second, origin).location == url(second)
    kept = own(second)
    assert (kept.reason, kept.point) == ("We meet six times a year.", 2)
    assert [(row.item_id, row.asked_code) for row in attached(second)] == [(item.id, "minutes")]
    assert actions() == ["answer.recorded", "evidence.attached", "proposal.accepted"]

    page = browser.get(url(second)).text
    assert "You answered something similar" not in page
    assert (
        f"Taken from GOV.1.1 Trustees meet in First Mark 2026: its words and 1 piece of evidence. Accepted by {lead.name} on 16 Nov 2026."
        in " ".join(page.split())
    )
    take(browser, second, origin, version="1", reason=kept.reason, point="2")
    assert (own(second).version, len(attached(second)), actions().count("proposal.accepted")) == (1, 1, 1)


def test_a_level_is_proposed_only_where_the_link_is_full_and_the_labels_are_the_same(browser, provider, lead, first):
    answered(first, "GOV.1.1")
    answered(first, "GOV.1.2", "New trustees get a folder.", point=3)
    other_words = source("second-mark").replace("2: In place", "2: Mostly in place")
    other = factories.application(provider, factories.edition(source=other_words, code="second-mark"), started_by=lead)
    take(browser, other, f"{first.id}:1:GOV.1.1")
    take(browser, other, f"{first.id}:1:GOV.1.2", "GOV.1.2")
    assert [(own(other, code).reason, own(other, code).point) for code in ("GOV.1.1", "GOV.1.2")] == [
        ("We meet six times a year.", None),
        ("New trustees get a folder.", None),
    ]


def test_words_that_are_there_stay_and_what_is_being_typed_is_kept_with_them(browser, first, second):
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    answered(second, "GOV.1.1", "Ours.", point=None)
    assert "Put its words below mine" in browser.get(url(second)).text
    take(browser, second, f"{first.id}:1:GOV.1.1", version="1", reason="Ours, and half a sentence", point="1")
    assert own(second).reason == "Ours, and half a sentence\n\nWe meet six times a year."
    assert own(second).point == 1


def test_the_evidence_can_be_taken_alone(browser, first, second):
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    answered(second, "GOV.1.1", "Ours.", point=1)
    take(browser, second, f"{first.id}:1:GOV.1.1", part="evidence", version="1", reason="Ours.", point="1")
    assert (own(second).reason, own(second).version, len(attached(second))) == ("Ours.", 1, 1)
    assert "1 piece of evidence. Accepted by" in " ".join(browser.get(url(second)).text.split())


def test_words_that_would_grow_too_long_are_refused_and_nothing_is_lost(browser, first, second):
    answered(first, "GOV.1.1", "x" * 6000)
    refused = take(browser, second, f"{first.id}:1:GOV.1.1", reason="y" * 6000)
    assert refused.status_code == 422 and "Take the evidence alone" in refused.text and "y" * 6000 in refused.text
    assert own(second).reason == "y" * 6000
    assert 'name="version" type="hidden" value="1"' in refused.text
    assert actions() == ["answer.recorded"]


def test_what_was_changed_there_while_somebody_read_is_not_taken_unseen(browser, first, second):
    there = answered(first, "GOV.1.1")
    there.reason, there.version = "We meet once a year.", 2
    db.session.commit()
    page = browser.post(
        url(second, more="/proposals/accept"),
        data={"take": f"words {first.id}:1:GOV.1.1", "version": "0", "reason": ""},
        follow_redirects=True,
    ).text
    assert "was changed while you were reading" in page and "We meet once a year." in page
    assert own(second) is None and actions() == []


def test_a_colleague_who_wrote_meanwhile_is_not_overwritten(browser, first, second):
    answered(first, "GOV.1.1")
    answered(second, "GOV.1.1", "What Rose wrote", point=1, version=3)
    typed = take(browser, second, f"{first.id}:1:GOV.1.1", version="2", reason="What I wrote")
    assert typed.status_code == 409 and "What Rose wrote" in typed.text and "What I wrote" in typed.text
    assert own(second).reason == "What Rose wrote" and actions() == []
    untouched = take(browser, second, f"{first.id}:1:GOV.1.1", version="2", reason="What Rose wrote", point="1")
    assert untouched.status_code == 302
    assert own(second).reason == "What Rose wrote\n\nWe meet six times a year."


def test_what_is_turned_down_stays_away_until_it_is_asked_for_again(browser, first, second):
    answered(first, "GOV.1.1")
    offer = {"offer": f"{first.id}:1:GOV.1.1"}
    for _ in range(2):
        browser.post(url(second, more="/proposals/decline"), data=offer)
    page = browser.get(url(second)).text
    assert "You answered something similar" not in page and "1 answer turned down" in page
    for _ in range(2):
        browser.post(url(second, more="/proposals/offer-again"), data=offer)
    assert "You answered something similar" in browser.get(url(second)).text
    assert actions() == ["proposal.declined", "proposal.reopened"]
    assert db.session.scalars(select(Proposal)).all() == []


def test_what_a_colleague_took_meanwhile_is_not_turned_down(browser, first, second):
    answered(first, "GOV.1.1")
    take(browser, second, f"{first.id}:1:GOV.1.1")
    late = browser.post(url(second, more="/proposals/decline"), data={"offer": f"{first.id}:1:GOV.1.1"})
    assert late.status_code == 409
    assert db.session.scalars(select(Proposal.reply)).all() == ["accepted"]


def test_another_organisations_answer_can_never_be_taken(browser, first, second, client_for):
    strangers = factories.organisation()
    person = factories.member(strangers)
    theirs = factories.application(strangers, first.edition, started_by=person)
    answered(theirs, "GOV.1.1", "A secret of theirs")
    origin = f"{theirs.id}:1:GOV.1.1"
    assert take(browser, second, origin).status_code == 404
    assert browser.post(url(second, more="/proposals/decline"), data={"offer": origin}).status_code == 404
    assert "A secret of theirs" not in browser.get(url(second)).text
    assert take(client_for(person), second, f"{first.id}:1:GOV.1.1").status_code == 404
    assert client_for(person).get(f"/applications/{second.id}/proposals").status_code == 404
    assert own(second) is None and actions() == []


def test_what_nobody_linked_cannot_be_taken(browser, first, second):
    answered(first, "SAFE.1.2")
    assert take(browser, second, f"{first.id}:1:SAFE.1.2").status_code == 404
    for nonsense in ("", "words", "words 1:2", f"all {first.id}:1:GOV.1.1", "words 99999999999:1:GOV.1.1"):
        sent = browser.post(url(second, more="/proposals/accept"), data={"take": nonsense, "version": "0"})
        assert sent.status_code == 302
    assert own(second) is None


def test_nothing_is_offered_or_taken_once_the_application_is_handed_in(browser, first, second):
    answered(first, "GOV.1.1")
    second.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert "You answered something similar" not in browser.get(url(second)).text
    assert take(browser, second, f"{first.id}:1:GOV.1.1").status_code == 409
    assert own(second) is None


def test_what_does_not_apply_there_and_archived_evidence_say_nothing_here(browser, first, second):
    there = answered(first, "GOV.1.1", "Not for us", point=None)
    there.not_applicable = True
    item = evidenced(first, "GOV.1.2", "Old folder")
    item.archived_at = NOON
    db.session.commit()
    assert "alike" not in browser.get(url(second)).text
    assert "alike" not in browser.get(url(second, "GOV.1.2")).text


def test_what_stands_here_already_is_not_offered(browser, first, second):
    """Such as an answer that was carried over from the edition before."""
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    mine = "As before.\n\nWe meet six times a year."
    answered(second, "GOV.1.1", mine)
    page = browser.get(url(second)).text
    assert "Use its evidence" in page and "Put its words" not in page
    take(browser, second, f"{first.id}:1:GOV.1.1", part="evidence", version="1", reason=mine, point="2")
    db.session.delete(db.session.scalars(select(Proposal)).one())
    db.session.commit()
    assert "You answered something similar" not in browser.get(url(second)).text


def test_a_link_to_a_part_offers_the_answer_in_the_whole_part_and_says_so(browser, first, second):
    answered(first, "GOV.1.1")
    page = " ".join(browser.get(url(second, "SAFE.1.2")).text.split())
    assert "It says something of “Safety”, so it may answer part of this criterion." in page


def test_several_are_taken_at_once_and_only_empty_answers_get_words(browser, first, second):
    answered(first, "GOV.1.1")
    answered(first, "GOV.1.2", "New trustees get a folder.")
    evidenced(first, "GOV.1.2", "Folder")
    answered(second, "GOV.1.2", "Ours.", point=1)
    listed = f"/applications/{second.id}/proposals"
    page = browser.get(listed).text
    assert "4 answers that you could use" in page
    offers = [f"GOV.1.1 {first.id}:1:GOV.1.1", f"GOV.1.2 {first.id}:1:GOV.1.2"]
    assert browser.post(listed, data={"shown": offers}).status_code == 422
    assert own(second) is None
    stale = f"SAFE.1.1 {first.id}:7:GOV.1.1"
    page = browser.post(listed, data={"offer": [*offers, stale], "shown": offers}, follow_redirects=True).text
    assert "2 answers used again" in page and "changed meanwhile: SAFE.1.1" in page
    assert (own(second).reason, own(second).point) == ("We meet six times a year.", 2)
    assert (own(second, "GOV.1.2").reason, len(attached(second, "GOV.1.2"))) == ("Ours.", 1)
    assert own(second, "SAFE.1.1") is None


def test_the_same_framework_offers_its_earlier_answers_by_what_its_criteria_were(browser, provider, lead, first):
    answered(first, "GOV.1.1")
    answered(first, "SAFE.1.1", "Everybody signs our policy.")
    text = (
        source("first-mark").replace('edition: "2026"', 'edition: "2027"').replace(POLICY, f"{POLICY} In plain words.")
    )
    text = text.replace("code: SAFE.1.1", "code: SAFE.1.0\n            was: SAFE.1.1")
    newer = factories.edition(source=text, code="first-mark", edition="2027", title="First Mark")
    draft = factories.application(provider, newer, started_by=lead)
    assert "answers this criterion whole" in browser.get(url(draft)).text
    page = browser.get(url(draft, "SAFE.1.0")).text
    assert "Everybody signs our policy." in page and "answers part of this criterion" in page


def test_an_assessor_sees_what_was_taken_from_where(client_for, browser, first, second, lead):
    answered(first, "GOV.1.1")
    take(browser, second, f"{first.id}:1:GOV.1.1")
    assessor = factories.officer(second.edition.scheme, Role.ASSESSOR)
    second.status, second.submitted_at, second.facts = ApplicationStatus.IN_ASSESSMENT, NOON, {"staff": 3}
    assessment = factories.save(
        Assessment(
            application_id=second.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=NOON,
            assigned_by_id=lead.id,
            declared_at=NOON,
        )
    )
    page = " ".join(client_for(assessor).get(f"/assessments/{assessment.id}/criteria/GOV.1.1").text.split())
    assert (
        f"Taken from GOV.1.1 Trustees meet in First Mark 2026: its words. Accepted by {lead.name} on 16 Nov 2026."
        in page
    )


def test_a_criterions_page_takes_the_same_statements_however_much_is_offered(browser, first, second, count_statements):
    answered(first, "GOV.1.1")
    browser.get(url(second))
    with count_statements() as few:
        browser.get(url(second))
    for number in range(3):
        more = factories.application(
            db.session.merge(first).organisation, first.edition, status=ApplicationStatus.WITHDRAWN
        )
        answered(more, "GOV.1.1", f"Words {number}")
        evidenced(more, "GOV.1.1", f"Piece {number}")
    with count_statements() as many:
        page = browser.get(url(second)).text
    assert "Words 2" in page
    assert len(many) == len(few)

"""What an organisation's people say among themselves reaches nobody beside or above them: every page, as every other role."""

from __future__ import annotations

import pytest

from app.domain.access import Role, may_somewhere
from app.extensions import db
from app.models import AdviserGrant, Comment, HandedOver, Invitation, LeadRequest, Organisation, PackShare, PlanAction
from tests import factories as make
from tests.integration.everything import afresh
from tests.integration.test_permission_matrix import views

COMMENT, NOTE, PLAN, PACK, RECIPIENT = "ThinComment", "ThinNote", "ThinPlan", "ThinPack", "ThinRecipient"
REASON, ADDRESS, INVITED = "ThinReason", "9 Hidden Mews", "invited.quietly@example.org"
ALL = {COMMENT, NOTE, PLAN, PACK, RECIPIENT, REASON, ADDRESS, INVITED}
READS = {
    Role.LEAD: ALL,
    Role.ADVISER: set(),  # here with the right to see, and no other
    Role.MEMBER: set(),
    Role.ASSESSOR: set(),
    Role.PANEL_MEMBER: set(),
    Role.AUDITOR: {ADDRESS},  # an office writes to the provider and visits it
    Role.MANAGER: {ADDRESS, REASON},
}


@pytest.fixture
def ours(app):
    ours, _ = afresh()
    db.session.get(Comment, ours.comment_id).text = COMMENT
    db.session.get(Comment, ours.comment_id).application_id = ours.draft.id
    db.session.get(HandedOver, ours.handed_id).note = NOTE
    db.session.get(PlanAction, ours.planned_id).title = PLAN
    share = db.session.get(PackShare, ours.pack_share.id)
    share.recipient, share.pack.words = RECIPIENT, PACK
    db.session.get(LeadRequest, ours.lead_request_id).reason = REASON
    db.session.get(Invitation, ours.offer.id).email = INVITED
    organisation = db.session.get(Organisation, ours.organisation.id)
    organisation.address, organisation.address_private = ADDRESS, True
    db.session.get(AdviserGrant, ours.grant.id).rights = ["see"]
    db.session.commit()
    return ours


@pytest.mark.parametrize("role", READS, ids=str)
def test_each_role_reads_what_it_should_of_an_organisations_own_words_and_no_more(app, ours, client_for, role):
    person = ours.people[role]
    actor, browser = make.actor(person), client_for(person)
    told: dict[str, str] = {}
    for view in views(app):
        # What a code or a link opens is for whoever has it.
        if view.method != "GET" or "share_code" in view.rule.arguments or not may_somewhere(actor, view.allows):
            continue
        instead = [{"application_id": ours.draft.id}] if "application_id" in view.rule.arguments else []
        for more in ({}, *instead):
            answer = view.ask(browser, view.parameters(ours, **more))
            told |= {words: str(view) for words in ALL if words.encode() in answer.data}
    assert set(told) == READS[role], told

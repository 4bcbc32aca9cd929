"""What somebody says of harm reaches nobody but the managers who look after it: every page, as every other role."""

from __future__ import annotations

import pytest

from app.domain.access import Role, may_somewhere
from app.extensions import db
from app.models import VoiceConcern
from tests import factories as make
from tests.integration.everything import afresh
from tests.integration.test_permission_matrix import views

SECRETS = ("Bruises on his arm", "07700 900 987")


@pytest.fixture
def ours(app):
    ours, _ = afresh()
    concern = db.session.get(VoiceConcern, ours.concern_id)
    concern.text, concern.contact = SECRETS
    db.session.commit()
    return ours


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER}))
def test_no_page_and_no_file_tells_anybody_but_a_manager_of_a_concern(app, ours, client_for, role):
    person = ours.people[role]
    actor, browser = make.actor(person), client_for(person)
    opened = 0
    for view in views(app):
        if view.method != "GET" or not may_somewhere(actor, view.allows):
            continue
        answer = view.ask(browser, view.parameters(ours))
        opened += answer.status_code == 200
        told = [secret for secret in SECRETS if secret.encode() in answer.data]
        assert not told, f"{view} tells {told}"
    assert opened > 10


def test_a_manager_reads_it_so_that_the_pages_above_prove_something(app, ours, client_for):
    page = client_for(ours.people[Role.MANAGER]).get(f"/schemes/{ours.scheme.code}/concerns/{ours.concern_id}")
    assert all(secret in page.text for secret in SECRETS)

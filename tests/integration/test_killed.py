"""The process is killed between a decision and its certificate, at every step: both or neither is there, whatever happens.

A child process takes the real decision on the real database and kills itself (SIGKILL) before the n-th statement that it
sends, for n = 1, 2, 3 ... until it gets through. Nothing of it can run after that: no rollback, no `finally`, no exit.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from app.backends.storage import DiskStorage
from app.domain.access import Actor
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import (
    Application,
    AuditRow,
    Award,
    Decision,
    MailMessage,
    RegisterEntry,
    RegisterEvent,
)
from app.queries.audit_chain import verify
from app.services.decisions import Decided, record_decision
from app.services.granting import Issue
from app.services.transactions import record, transaction
from config import ROOT
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import SILVER, TODAY, voted_case

MOST_STEPS = 400
TABLES = (Decision, Award, RegisterEntry, RegisterEvent)


def dies(action: Callable[[], object], step: int) -> bool:
    """Do `action` in a process of its own that kills itself before its statement number `step`. Whether it was killed."""
    db.session.remove()
    child = os.fork()
    if not child:
        try:
            db.engine.dispose(close=False)  # the connections belong to the parent
            _kill_before(step)
            action()
        except BaseException:
            os._exit(3)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed for a reason of its own"
    return False


def _kill_before(step: int) -> None:
    """Count what is sent to the database, the commit as one of them, and die at number `step`."""
    sent = SimpleNamespace(count=0)

    def count(*_: object) -> None:
        sent.count += 1
        if sent.count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


def counts() -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@pytest.fixture
def decided(app, tmp_path):
    """A case on which the whole panel has voted, and what recording its decision takes."""
    case, panel = voted_case()
    chair = make.actor(case.sitters[1])
    store = DiskStorage(tmp_path / "files")
    store.put(BytesIO(b"something that was there before"))
    issue = Issue("http://test", ROOT / "app" / "static" / "build" / "fonts")
    panel_id, application_id = panel.id, case.application_id

    def decide() -> None:
        words = Decided(SILVER, "Every criterion is in place.")
        record_decision(panel_id, words, issue=issue, storage=store, actor=chair, now=NOON, today=TODAY)

    return SimpleNamespace(application_id=application_id, decide=decide, store=store)


def test_a_decision_and_its_certificate_are_both_there_or_neither_wherever_the_process_is_killed(decided):
    before_mail = db.session.scalar(select(func.count(MailMessage.id)))
    killed = 0
    for step in range(1, MOST_STEPS):
        if not dies(decided.decide, step):
            break
        killed += 1
        assert counts() == [0, 0, 0, 0], step
        assert db.session.get(Application, decided.application_id).status is ApplicationStatus.WITH_PANEL
        assert db.session.scalar(select(func.count(MailMessage.id))) == before_mail
        assert verify(db.session()).breaks == ()
    assert 20 < killed < MOST_STEPS - 1, "it died at every step from the first look to the commit, and then got through"
    assert counts() == [1, 1, 1, 1]
    award = db.session.scalars(select(Award)).one()
    with decided.store.open(award.certificate_key) as file:
        assert file.read(5) == b"%PDF-"
    assert db.session.scalar(select(func.count(AuditRow.id)).where(AuditRow.action == "decision.recorded")) == 1
    assert verify(db.session()).breaks == ()


def test_what_was_killed_half_way_is_done_once_when_somebody_does_it_again(decided):
    assert dies(decided.decide, 25)
    decided.decide()
    assert counts() == [1, 1, 1, 1]
    with pytest.raises(Exception, match=r"recorded already|no longer|decided"):
        decided.decide()
    assert counts() == [1, 1, 1, 1]


def test_who_writes_while_another_is_killed_is_not_held_up_and_breaks_no_chain(decided):
    assert dies(decided.decide, 30)
    with transaction() as session:
        record(
            session, Actor(name="Somebody else"), "thing.done", session.get(Application, decided.application_id), NOON
        )
    assert verify(db.session()).breaks == ()

"""The readiness page: what it says, what it keeps of each day, and that it is quick for large frameworks."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.lifecycle import ApplicationStatus
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import ReadinessSnapshot
from app.services import answers
from app.services.readiness_snapshots import take_readiness_snapshots
from tests import factories as make
from tests.conftest import NOON
from tests.integration.kinds import KINDS


@pytest.fixture
def say(draft, lead, clock):
    """`say("GOV.1.1", 3)`: the lead answers a criterion now."""
    versions: dict[str, int] = {}

    def answer(code: str, point: int | None, reason: str = "We do this.") -> None:
        saved = answers.record_answer(
            draft.id, code, Claim(point, reason=reason), versions.get(code, 0), actor=make.actor(lead), now=clock()
        )
        versions[code] = saved.version

    return answer


def words(page: str) -> str:
    plain = re.sub(r"<(script|style|title|desc)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


def test_the_page_says_where_each_part_stands_what_is_missing_and_the_way_up(browser, draft, say):
    say("GOV.1.1", 3)
    say("GOV.1.2", 0)
    page = browser.get(f"/applications/{draft.id}/readiness").text
    told = words(page)
    assert "2 of 4 criteria answered" in told
    assert "GOV Governance : show its parts 50% Alone it would be Bronze 80% 2 of 2" in told
    assert "SAFE Safety : show its parts 0%" in told
    assert "Below what is required: SAFE.1.1" in told
    assert "First answer what is open: 2 criteria have no whole answer yet." in told
    assert "Silver needs 2 in GOV.1.2" in told or "Bronze needs" in told or "From “0 Not in place”" in told
    assert f'href="/applications/{draft.id}/criteria/SAFE.1.1"' in page
    assert "No evidence is attached. Needed: Minutes of the last four meetings." in told


def test_two_parts_are_drawn_as_bars_with_a_name_and_the_same_figures_beneath(browser, draft, say):
    say("GOV.1.1", 3)
    page = browser.get(f"/applications/{draft.id}/readiness").text
    assert 'class="ts-chart ts-chart--bars"' in page
    assert 'role="img" aria-labelledby="standing-title standing-desc"' in page
    assert page.count('class="ts-chart__bar" x="0.5"') == 2
    assert "style=" not in page


def test_the_parts_below_one_are_shown_when_it_is_opened(browser, draft):
    page = words(browser.get(f"/applications/{draft.id}/readiness?open=GOV").text)
    assert "GOV.1 Trustees lead the organisation" in page
    assert "SAFE.1 People are safe" not in page
    assert "GOV.1 Trustees" not in words(browser.get(f"/applications/{draft.id}/readiness?open=NONE").text)


def test_what_changed_is_told_against_the_last_day_that_was_kept_and_a_month_ago(browser, draft, say, clock):
    say("GOV.1.1", 1)
    assert take_readiness_snapshots(clock()) == 1
    clock.forward(days=40)
    say("GOV.1.1", 3)
    take_readiness_snapshots(clock())
    clock.forward(days=2)
    say("GOV.1.2", 3)
    told = words(browser.get(f"/applications/{draft.id}/readiness").text)
    assert "Since 26 Dec 2026 " in told
    assert "1 of 4 criteria were answered. Now 2 of 4 are." in told
    assert "GOV Governance: 50% then, 100% now (higher)" in told
    assert "Since 16 Nov 2026, a month ago or more" in told
    assert "GOV Governance: 16.66% then, 100% now (higher)" in told


def test_the_work_of_the_day_keeps_one_snapshot_a_day_and_only_where_something_changed(draft, say, clock):
    def kept() -> list[tuple[date, int]]:
        rows = db.session.execute(
            select(ReadinessSnapshot.taken_on, ReadinessSnapshot.figures).order_by(ReadinessSnapshot.taken_on)
        )
        return [(on, figures["answered"]) for on, figures in rows]

    clock.forward(minutes=5)
    assert take_readiness_snapshots(clock()) == 1
    assert take_readiness_snapshots(clock()) == 0
    say("GOV.1.1", 1)
    clock.forward(minutes=5)
    assert take_readiness_snapshots(clock()) == 1  # later on the same day: written anew
    assert kept() == [(NOON.date(), 1)]
    clock.forward(days=1)
    assert take_readiness_snapshots(clock()) == 0
    say("GOV.1.1", 1, "We do this, in other words.")
    clock.forward(minutes=1)
    assert take_readiness_snapshots(clock()) == 1  # looked at, and nothing that is shown has changed
    assert kept() == [(NOON.date(), 1)]
    say("GOV.1.2", 2)  # in the very moment of the look
    clock.forward(minutes=1)
    assert take_readiness_snapshots(clock()) == 1
    assert kept() == [(NOON.date(), 1), (NOON.date() + timedelta(days=1), 2)]


def test_the_work_of_the_day_takes_no_more_than_it_may_and_goes_on_where_it_stopped(provider, lead, draft, clock):
    for _ in range(24):
        make.application(provider, make.edition(), started_by=lead)
    make.application(provider, make.edition(), started_by=lead, status=ApplicationStatus.SUBMITTED)
    clock.forward(minutes=5)
    assert take_readiness_snapshots(clock(), most=22) == 22
    assert take_readiness_snapshots(clock()) == 3
    assert db.session.scalar(select(func.count()).select_from(ReadinessSnapshot)) == 25


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_framework_has_a_readiness_page_in_its_own_words(kind, browser, provider, lead, clock):
    provider.facts = {**provider.facts, **kind.facts}
    db.session.commit()
    draft = make.application(provider, make.edition(source=kind.text, code=kind.code), started_by=lead)
    for code, point in kind.answers.items():
        claim = Claim(None, True, "Not ours.") if point == "na" else Claim(int(point), reason="We do this.")
        answers.record_answer(draft.id, code, claim, 0, actor=make.actor(lead), now=clock())
    told = words(browser.get(f"/applications/{draft.id}/readiness").text)
    assert not re.search(r"\bNone\b|\bFraction\b|[{}]", told)
    assert kind.shares or not re.search(r"\d%", told.split("How to read this")[0])
    assert "Where you stand" in told


def test_handing_in_keeps_how_it_stood_for_the_next_application(browser, provider, lead, draft, say, clock, client_for):
    for code in ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"):
        say(code, 3)
    library = {"title": "Minutes", "kind": "link", "url": "https://example.org/minutes", "shows": "minutes"}
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.1/evidence", data=library)
    declared = {"true": "y", "approved": "y", "shared": "y", "changes": "y", "name": "Ann Lead", "position": "Chair"}
    assert browser.post(f"/applications/{draft.id}/submit", data=declared).status_code == 302
    [kept] = db.session.scalars(select(ReadinessSnapshot)).all()
    assert (kept.submitted, kept.figures["now"], kept.figures["answered"]) == (True, "Silver", 4)
    clock.forward(days=900)
    later = make.application(provider, draft.edition, started_by=lead)
    told = words(browser.get(f"/applications/{later.id}/readiness").text)
    assert "Since the last application, on 16 Nov 2026" in told
    assert "It stood at Silver, 100% and stands at Not yet, 0%." in told

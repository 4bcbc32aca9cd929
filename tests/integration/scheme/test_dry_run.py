"""What an edition would make of the cases under the one before it: told before it is published, and nothing written."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import delete, select

from app.domain.access import Role
from app.domain.effects import Verdict
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, AwardStatus
from app.domain.scoring import Scored
from app.domain.scoring.packed import pack
from app.extensions import db
from app.frameworks import read
from app.models import Answer, Assessment, FrameworkDraft, Membership, Score
from app.queries import dry_run as queries
from app.queries import dry_run_page
from app.queries.dry_run import dry_run
from app.services.cases import send_back
from tests import factories as make
from tests.conftest import NOON
from tests.unit.frameworks.editions import BEFORE, source_with

TODAY = NOON.date()
CODE = "good-neighbours"
LATER = source_with(
    ('edition: "2026"', 'edition: "2027"'),
    ("required: 2\n", "required: 3\n"),  # GOV.1.1
    ("from: 75%, is: silver", "from: 70%, is: silver"),
    ("- code: CARE.1.1", "- {code: CARE.1.3, text: Complaints are welcome., scale: yes-no}\n          - code: CARE.1.1"),
)  # fmt: skip
FACTS = {"staff": 3, "income": 20_000, "breach": False}
STRONG = {"GOV.1.1": 3, "GOV.1.2": 2, "GOV.2.1": 1, "CARE.1.1": 2, "CARE.1.2": 2}
AT_THE_EDGE = {**STRONG, "GOV.1.1": 2}  # what was required, and is no longer enough
JUST_SHORT = {**STRONG, "GOV.1.2": 1, "CARE.1.1": 1}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Rows that a test saves without a use-case write no audit row, by which a page would know that it must look anew."""
    dry_run_page._remembered.cache_clear()


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def earlier(scheme):
    return make.edition(scheme, BEFORE, code=CODE, edition="2026", title="Good Neighbours Mark")


@pytest.fixture
def manager(scheme):
    return make.officer(scheme, Role.MANAGER)


@pytest.fixture
def draft(scheme, earlier, manager):
    return make.save(
        FrameworkDraft(
            scheme_id=scheme.id,
            code=CODE,
            edition="2027",
            title="Good Neighbours Mark",
            source=LATER,
            version=1,
            imported_from="",
            created_at=NOON,
            created_by_id=manager.id,
            updated_at=NOON,
            updated_by_id=manager.id,
        )
    )


def case(under, points, status=ApplicationStatus.SUBMITTED, *, assessed=False, **values):
    """A case at silver whose provider claims these points; with `assessed` an assessor gave them and the provider 0."""
    application = make.application(make.organisation(), under, status=status, target="silver", facts=FACTS, submitted_at=NOON, **values)  # fmt: skip
    by = {"updated_at": NOON, "updated_by_id": application.started_by_id}
    for code, point in points.items():
        db.session.add(Answer(application_id=application.id, criterion_code=code, point=0 if assessed else point, reason="So.", **by))  # fmt: skip
    if assessed:
        handed_in = make.save(Assessment(application_id=application.id, assessor_id=application.started_by_id, status=AssessmentStatus.HANDED_IN, assigned_at=NOON, assigned_by_id=application.started_by_id, handed_in_at=NOON))  # fmt: skip
        for code, point in points.items():
            db.session.add(Score(assessment_id=handed_in.id, criterion_code=code, point=point, reason="So.", updated_at=NOON))  # fmt: skip
    db.session.commit()
    return application


def rows():
    return {row.application_id: row for row in dry_run(read(LATER, "draft"), None).rows(TODAY)}


def test_each_case_is_told_its_outcome_now_and_then_and_why(earlier):
    loses, gains, keeps = (case(earlier, points).id for points in (AT_THE_EDGE, JUST_SHORT, STRONG))
    found = rows()
    assert {each: found[each].effect.verdict for each in found} == {loses: Verdict.LOSES, gains: Verdict.GAINS, keeps: Verdict.KEEPS}  # fmt: skip
    lost = found[loses].effect
    assert (lost.before, lost.after, lost.to_score, lost.again) == ("Silver", "Not yet", 1, 1)
    assert "Bronze needs 3 in GOV.1.1, which has 2." in lost.why
    gained = found[gains].effect
    assert (gained.before, gained.after) == ("Bronze", "Silver")
    assert gained.why[0].startswith("Silver is reached: 7")


def test_an_assessors_scores_count_before_the_providers_claims(earlier):
    assessed = case(earlier, STRONG, ApplicationStatus.WITH_PANEL, assessed=True)
    (row,) = rows().values()
    assert (row.application_id, row.by_assessor, row.effect.before) == (assessed.id, True, "Silver")


def test_a_sheet_that_was_packed_when_it_was_handed_in_counts_like_its_scores(earlier):
    application = case(earlier, STRONG, ApplicationStatus.WITH_PANEL, assessed=True)
    (unpacked,) = rows().values()
    assessment = db.session.scalars(select(Assessment).where(Assessment.application_id == application.id)).one()
    scores = {code: Scored(point) for code, point in STRONG.items()}
    assessment.sheet = pack(read(BEFORE, "earlier"), scores)
    db.session.execute(delete(Score))
    db.session.commit()
    (packed,) = rows().values()
    assert packed == unpacked and packed.effect.before == "Silver"


def test_what_a_scheme_has_in_hand_and_what_stands_today_is_looked_at_and_nothing_else(earlier, scheme):
    case(earlier, STRONG, ApplicationStatus.DRAFT)
    case(earlier, STRONG, ApplicationStatus.REFUSED)
    make.award(case(earlier, STRONG, ApplicationStatus.AWARDED), status=AwardStatus.WITHDRAWN)
    make.award(case(earlier, STRONG, ApplicationStatus.AWARDED), expires_on=TODAY - timedelta(days=1), granted_on=TODAY - timedelta(days=9))  # fmt: skip
    case(make.edition(scheme), STRONG)
    stands = make.award(case(earlier, STRONG, ApplicationStatus.AWARDED), expires_on=TODAY)
    (row,) = rows().values()
    assert (row.award, row.award_level) == (stands.number, stands.level_title)


def test_cases_are_read_in_batches_of_four_statements_and_nothing_is_written(earlier, monkeypatch, count_statements):
    monkeypatch.setattr(queries, "BATCH", 2)
    ids = [case(earlier, STRONG).id for _ in range(5)]
    run = dry_run(read(LATER, "draft"), None)
    with count_statements() as statements:
        found = [row.application_id for row in run.rows(TODAY)]
    assert found == ids[::-1]
    reading = [each for each in statements if each.startswith("SELECT")]
    assert len(reading) == 3 * 4 + 1
    assert not [each for each in statements if each.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_page_shows_who_loses_first_and_narrows_to_one_verdict(client_for, draft, earlier, manager):
    names = {name: case(earlier, points).organisation.name for name, points in (("keeps", STRONG), ("loses", AT_THE_EDGE))}  # fmt: skip
    browser = client_for(manager)
    text = browser.get(f"/frameworks/drafts/{draft.id}/dry-run").text
    assert text.index(names["loses"]) < text.index(names["keeps"])
    assert "Bronze needs 3 in GOV.1.1, which has 2." in text
    narrowed = browser.get(f"/frameworks/drafts/{draft.id}/dry-run?verdict=keeps").text
    assert names["keeps"] in narrowed and names["loses"] not in narrowed


def test_the_file_holds_every_case_as_one_line_without_formulas(client_for, draft, earlier, manager):
    risky = case(earlier, AT_THE_EDGE)
    risky.organisation.name = "=HYPERLINK(1)"
    db.session.commit()
    answer = client_for(manager).get(f"/frameworks/drafts/{draft.id}/dry-run.csv")
    (line,) = list(csv.DictReader(StringIO(answer.text)))
    assert (line["case"], line["provider"], line["verdict"]) == (str(risky.id), "'=HYPERLINK(1)", "loses")
    assert (line["outcome_now"], line["outcome_then"], line["criteria_to_score"]) == ("Silver", "Not yet", "1")


def test_a_manager_does_not_see_the_case_of_an_organisation_that_they_belong_to(client_for, draft, earlier, manager):
    own = case(earlier, AT_THE_EDGE)
    make.save(Membership(user_id=manager.id, organisation_id=own.organisation_id, role=Role.LEAD, created_at=NOON))
    browser = client_for(manager)
    page = browser.get(f"/frameworks/drafts/{draft.id}/dry-run").text
    assert own.organisation.name not in page.split("<main", 1)[1] and "1 case is not shown" in page
    assert own.organisation.name not in browser.get(f"/frameworks/drafts/{draft.id}/dry-run.csv").text


def test_a_draft_that_names_another_schemes_framework_sees_nothing_of_its_cases(client_for, earlier):
    theirs = case(earlier, AT_THE_EDGE)
    elsewhere = make.scheme()
    curious = make.framework_draft(elsewhere, LATER, code=CODE, edition="2027")
    browser = client_for(make.officer(elsewhere, Role.MANAGER))
    for address in (f"/frameworks/drafts/{curious.id}/dry-run", f"/frameworks/drafts/{curious.id}/dry-run.csv"):
        answer = browser.get(address)
        assert answer.status_code == 200 and theirs.organisation.name not in answer.text


def test_a_change_of_a_case_shows_at_once(client_for, draft, earlier, manager):
    application = case(earlier, AT_THE_EDGE)
    browser = client_for(manager)
    address = f"/frameworks/drafts/{draft.id}/dry-run"
    assert "Bronze needs 3 in GOV.1.1" in browser.get(address).text
    send_back(application.id, "Please add to it.", actor=make.actor(manager), now=NOON)
    assert "No case and no award stands" in browser.get(address).text


def test_the_command_line_says_totals_and_who_loses_and_shows_progress(app, earlier, tmp_path):
    application = case(earlier, AT_THE_EDGE)
    file = tmp_path / "2027.yaml"
    file.write_text(LATER, "utf-8")
    result = app.test_cli_runner().invoke(args=["framework", "dry-run", str(file)])
    assert result.exit_code == 0, result.output
    assert "1 would lose\n0 cannot be told\n0 would gain\n0 would keep what they have" in result.stdout
    assert f"(case {application.id}): Silver now, Not yet then. Bronze needs 3 in GOV.1.1" in result.stdout
    assert "1 of 1 case" in result.stderr
    missing = app.test_cli_runner().invoke(args=["framework", "dry-run", "nothing/2030"])
    assert missing.exit_code == 1 and "There is no edition nothing/2030." in missing.output

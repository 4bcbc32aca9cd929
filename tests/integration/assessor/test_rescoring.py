"""Scoring every case of an edition again: from what was handed in, with the latest assessment, and nothing is written."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.cli.framework_rescore import rescore_command
from app.domain.errors import NotFound
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.scoring.packed import pack
from app.extensions import db
from app.models import Application, Assessment, AuditRow, Score
from app.queries.frameworks import framework_of
from app.queries.outcomes import as_scores, scores_of
from app.queries.rescoring import Differing, rescore
from tests import factories as make
from tests.conftest import NOON
from tests.integration.assessor.test_assessing import CODES, browser, case, declare, score  # noqa: F401


@pytest.fixture
def handed_in(case, browser):  # noqa: F811
    """A case whose assessor has handed in 2 on every criterion."""
    declare(browser, case)
    for code in CODES:
        score(browser, case, code, "2")
    browser.post(f"/assessments/{case.id}/hand-in", data={"outcome": "award", "level": "bronze", "words": "Sound."})
    db.session.expire_all()
    assert case.status is AssessmentStatus.HANDED_IN
    return case


def another(edition, assessor, points, **values):
    """Another case of that edition, handed in with these points; packed unless it says otherwise."""
    application = make.application(make.organisation(), edition, status=ApplicationStatus.ASSESSED, facts={"staff": 2})
    assessment = make.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            assigned_by_id=assessor.id,
            status=AssessmentStatus.HANDED_IN,
            assigned_at=NOON,
            handed_in_at=NOON,
            **values,
        )
    )
    for code, point in points.items():
        make.save(Score(assessment_id=assessment.id, criterion_code=code, point=point, reason="Seen.", updated_at=NOON))
    return assessment


def test_what_is_handed_in_is_kept_packed_as_it_was_scored(handed_in):
    framework = framework_of(handed_in.application.edition)
    scores = scores_of(db.session(), [handed_in])[handed_in.id]
    assert handed_in.sheet == pack(framework, as_scores(scores))


def test_a_score_still_without_a_reason_on_what_is_asked_no_more_is_packed_as_the_cases_outcome_takes_it(case, browser):  # noqa: F811
    declare(browser, case)
    for code in CODES:
        score(browser, case, code, "2")
    conditional = next(each.code for each in framework_of(case.application.edition).criteria if each.applies)
    db.session.execute(update(Score).where(Score.criterion_code == conditional).values(reason=""))
    db.session.execute(update(Application).values(facts={"staff": 0}))
    db.session.commit()
    browser.post(f"/assessments/{case.id}/hand-in", data={"outcome": "award", "level": "bronze", "words": "Sound."})
    db.session.expire_all()
    scores = scores_of(db.session(), [case])[case.id]
    assert conditional in scores and case.sheet == pack(framework_of(case.application.edition), as_scores(scores))


def test_every_case_is_counted_once_at_its_level_and_progress_is_told(handed_in):
    edition = handed_in.application.edition
    another(edition, handed_in.assessor, dict.fromkeys(CODES, 3))
    another(edition, handed_in.assessor, dict.fromkeys(CODES, 0))
    told = []
    found = rescore(edition.code, edition.edition, lambda done, cases: told.append((done, cases)))
    assert found.cases == 3
    assert sum(found.by_level.values()) == 3
    assert found.by_level[None] == 1
    assert told == [(3, 3)]


def test_a_sheet_that_was_never_packed_gives_the_same(handed_in):
    edition = handed_in.application.edition
    packed = rescore(edition.code, edition.edition)
    db.session.execute(update(Assessment).values(sheet=None))
    assert rescore(edition.code, edition.edition) == packed


def test_an_award_that_is_not_what_the_scores_give_is_named_and_nothing_changes(handed_in):
    edition = handed_in.application.edition
    poor = another(edition, handed_in.assessor, dict.fromkeys(CODES, 0))
    award = make.award(poor.application, level="silver")
    rows = len(db.session.scalars(select(AuditRow)).all())
    found = rescore(edition.code, edition.edition)
    assert found.differing == (Differing(poor.application_id, award.number, "silver", None),)
    assert len(db.session.scalars(select(AuditRow)).all()) == rows


def test_the_command_prints_the_levels_and_refuses_an_unknown_edition(handed_in, app):
    edition = handed_in.application.edition
    done = app.test_cli_runner().invoke(rescore_command, [edition.code, edition.edition])
    assert done.exit_code == 0
    assert "1 cases" not in done.output
    assert "1 case, 0 with an award at another level" in done.output
    missing = app.test_cli_runner().invoke(rescore_command, [edition.code, "1066"])
    assert missing.exit_code == 1
    with pytest.raises(NotFound):
        rescore(edition.code, "1066")

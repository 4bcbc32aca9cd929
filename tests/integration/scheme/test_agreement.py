"""The scheme's page of agreement: by standard, by pair, over time, with undefined said to be undefined."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from app.domain.agreement import Metric, Weighting, alpha, kappa
from app.extensions import db
from app.models import Assessment
from app.queries.scheme_agreement import scheme_agreement
from tests import factories as make
from tests.integration.assessor.test_reconciling import both, differing_case, framework
from tests.integration.casework import submitted_case


def test_the_page_measures_what_each_gave_before_anything_was_settled(app, client_for):
    case, *_ = differing_case("reconciliation: always, agreement_floor: 0.8", **{"GOV.1.1": 1, "SAFE.1.1": 2})
    page = scheme_agreement(case.scheme.code, None, make.actor(case.manager))
    seen = [(3, 1), (3, 3), (3, 2), (3, 3)]
    (scale,) = page.whole.scales
    assert (page.cases, page.whole.same, page.whole.compared) == (1, 2, 4)
    assert scale.metric is Metric.ORDINAL and scale.alpha == alpha(seen, Metric.ORDINAL)
    (pair,) = page.pairs
    assert pair.name == "Assessor Ash and Assessor Bo"
    assert pair.agreement.scales[0].kappa == kappa(seen, range(4), Weighting.LINEAR)
    assert [(row.name, row.agreement.share_said) for row in page.standards] == [
        ("GOV.1 Trustees lead the organisation", "50%"),
        ("SAFE.1 People are safe", "50%"),
    ]
    assert [row.name for row in page.quarters] == ["Oct to Dec 2026"]
    address = f"/schemes/{case.scheme.code}/agreement"
    words = client_for(case.auditor).get(address).get_data(as_text=True)
    assert "2 of 4 criteria" in words and "at least 80%" in words
    assert "below its floor" in client_for(case.manager).get(case.url).get_data(as_text=True)


def test_scores_that_are_all_the_same_are_undefined_and_never_1(app, client_for):
    case = submitted_case(framework("reconciliation: always"))
    both(case, {}, {})
    (scale,) = scheme_agreement(case.scheme.code, None, make.actor(case.manager)).whole.scales
    assert scale.alpha_said == "Undefined" and "cannot be told" in scale.alpha.because
    file = client_for(case.manager).get(f"/schemes/{case.scheme.code}/agreement.csv").get_data(as_text=True)
    rows = list(csv.DictReader(StringIO(file.removeprefix("\ufeff"))))
    assert {row["by"] for row in rows} == {"all", "standard", "pair", "quarter"}
    assert all(row["share"] == "1.0" and row["alpha"] == "" and row["why_undefined"] for row in rows)


def test_a_scheme_without_double_scoring_says_so(app, client_for):
    case = submitted_case()
    page = client_for(case.manager).get(f"/schemes/{case.scheme.code}/agreement").get_data(as_text=True)
    assert "No case has been scored by more than one assessor yet." in page


@pytest.mark.parametrize("copies", [1, 40])
def test_the_page_takes_as_many_statements_for_many_cases_as_for_one(app, copies, count_statements):
    case, *_ = differing_case()
    first = case.application
    given = db.session.scalars(db.select(Assessment).where(Assessment.application_id == first.id)).all()
    for _ in range(copies - 1):
        again = make.application(case.provider, first.edition, status=first.status, submitted_at=first.submitted_at)
        for each in given:
            kept = ("assessor_id", "status", "assigned_at", "assigned_by_id", "handed_in_at", "sheet")
            db.session.add(Assessment(application_id=again.id, **{name: getattr(each, name) for name in kept}))
    db.session.commit()
    manager = make.actor(case.manager)
    code = case.scheme.code
    db.session.rollback()
    with count_statements() as statements:
        page = scheme_agreement(code, None, manager)
    assert page.cases == copies and page.whole.compared == 4 * copies
    assert len(statements) <= 6  # one of them fetches the edition's source, where it was not read before

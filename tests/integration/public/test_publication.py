"""What a scheme keeps from the public stays off every public page, and what a register is for does not."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import certificate_number
from app.domain.lifecycle import AwardStatus
from tests import factories as make

WORDS = "Train every volunteer in fire drills."


@pytest.mark.parametrize(
    ("clause", "shown"),
    [("", True), ("publication: {conditions: public}", True), ("publication: {conditions: commissioners}", False), ("publication: {conditions: never}", False)],
)  # fmt: skip
def test_conditions_are_public_unless_the_scheme_keeps_them(client, clause, shown):
    number = certificate_number.make("SHM", 2026, 7)
    edition = make.edition(source=f"{make.SMALL_FRAMEWORK}{clause}\n")
    award = make.award(
        make.application(make.organisation(), edition),
        number=number,
        status=AwardStatus.CONDITIONAL,
        conditions=WORDS,
        conditions_due_on=date(2027, 5, 1),
    )
    entry = make.register_entry(award)
    pages = [
        f"/register/{entry.slug}",
        f"/verify/{number}",
        f"/api/v1/certificates/{number}",
        f"/api/v1/register/{entry.slug}",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert (WORDS in answer.text) is shown, page
        assert "Silver" in answer.text
        assert "Approved with conditions" in answer.text
    assert ("1 May 2027" in client.get(pages[0]).text) is shown

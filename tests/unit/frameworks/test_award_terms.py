"""What a file says of awards that are provisional, late or suspended: as it is read, in words, and where it is wrong."""

from __future__ import annotations

from app.domain.duration import Duration
from app.domain.terms import AfterSuspension, LateReturn, SuspensionTerms
from app.frameworks import check_source, read
from app.frameworks.handbook import handbook
from tests.factories import SMALL_FRAMEWORK

STRICT = SMALL_FRAMEWORK.replace(
    "award: {valid: 3 years,",
    "award: {by_level: {bronze: {valid: 1 year, provisional: true}}, surveillance_overdue: suspend, "
    "suspension: {at_most: 3 months, then: withdraw}, valid: 3 years,",
)


def test_the_terms_arrive_for_the_level_that_they_are_said_of():
    award = read(STRICT, "small.yaml").award
    assert award.surveillance_overdue is LateReturn.SUSPEND
    assert award.suspension == SuspensionTerms(Duration(months=3), AfterSuspension.WITHDRAW)
    bronze, silver = award.for_level("bronze"), award.for_level("silver")
    assert (bronze.provisional, bronze.valid, bronze.suspension) == (True, Duration(years=1), award.suspension)
    assert (silver.provisional, silver.valid) == (False, Duration(years=3))


def test_a_file_that_says_nothing_suspends_for_six_months_at_most_and_takes_nothing_away():
    award = read(SMALL_FRAMEWORK, "small.yaml").award
    assert award.suspension == SuspensionTerms(Duration(months=6), AfterSuspension.REMIND)
    assert award.surveillance_overdue is LateReturn.REMIND


def test_the_handbook_says_what_becomes_of_an_award():
    said, unsaid = (handbook(read(source, "small.yaml")) for source in (STRICT, SMALL_FRAMEWORK))
    for words in (
        "An award at Bronze is provisional until it is confirmed.",
        "An award whose regular look is overdue is suspended, after a warning two months before.",
        "A suspension lasts 3 months at most; then the award is withdrawn, after a warning two months before.",
    ):
        assert words in said and words not in unsaid


def test_provisional_is_said_of_a_level_and_what_follows_is_one_of_two():
    for wrong, told in (
        ("award: {provisional: true, valid: 3 years,", "provisional"),
        ("award: {suspension: {then: expel}, valid: 3 years,", "withdraw"),
    ):
        problems = check_source(SMALL_FRAMEWORK.replace("award: {valid: 3 years,", wrong), "small.yaml")
        assert len(problems) == 1 and told in str(problems[0])

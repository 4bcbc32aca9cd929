"""Who is proposed for a case, in which order, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain import allocation
from app.domain.allocation import Assessor, Need, Skills, pairs, proposals

TODAY = date(2026, 11, 16)
DUE = TODAY + timedelta(weeks=6)
NEED = Need(
    services={"befriending": "Befriending", "lunch-club": "Lunch club"},
    client_groups={"older-people": "Older people"},
    areas={"GOV": "Governance", "SAFE": "Safety"},
    languages={},
    place=("E07000121", "Lancaster"),
)
ALL = Skills(
    services=frozenset({"befriending", "lunch-club"}),
    client_groups=frozenset({"older-people"}),
    areas=frozenset({"GOV", "SAFE"}),
)


def person(number: int, skills: Skills | None = ALL, **values) -> Assessor:
    return Assessor(number, f"Person {number}", skills, **values)


def order(people, need=NEED) -> list[int]:
    return [each.people[0].user_id for each in proposals(need, people, TODAY, DUE)]


def words(proposal) -> str:
    return " ".join(reason.words for reason in proposal.reasons)


def test_the_points_come_to_a_hundred_and_each_has_its_reason():
    parts = (allocation.SERVICES, allocation.CLIENT_GROUPS, allocation.AREAS)
    assert sum((*parts, allocation.LANGUAGE, allocation.TRAVEL, allocation.LOAD)) == 100
    best = proposals(NEED, [person(1)], TODAY, DUE)[0]
    assert best.points == 100 - allocation.LANGUAGE  # no language is asked: it stands in nobody's reasons
    assert words(best) == (
        "Knows 2 of 2 services: Befriending, Lunch club. Knows 1 of 1 group: Older people. "
        "Knows 2 of 2 areas of the framework: Governance, Safety. Can travel to Lancaster. Assesses nothing now."
    )


@pytest.mark.parametrize(
    "less",
    [
        replace(ALL, services=frozenset({"befriending"})),
        replace(ALL, areas=frozenset()),
        replace(ALL, client_groups=frozenset()),
        replace(ALL, travels=frozenset({"E06000001"})),
    ],
)
def test_whoever_knows_more_of_the_case_or_is_nearer_comes_first(less):
    assert order([person(1, less), person(2)]) == [2, 1]


def test_whoever_has_less_to_do_comes_first():
    assert order([person(1, load=2), person(2, load=1), person(3)]) == [3, 2, 1]


def test_the_assessor_of_last_time_is_not_asked_again_before_an_equal():
    found = proposals(NEED, [person(1, again=True), person(2)], TODAY, DUE)
    assert [each.people[0].user_id for each in found] == [2, 1]
    assert "Assessed this provider last time." in words(found[1])


def test_who_is_full_or_away_comes_last_and_says_why():
    full = person(1, replace(ALL, most=2), load=2)
    away = person(2, replace(ALL, away_from=TODAY, away_until=DUE))
    nobody = person(3, None)
    found = proposals(NEED, [full, away, nobody], TODAY, DUE)
    assert found[0].people[0].user_id == 3
    assert {each.against for each in found[1:]} == {
        "Has 2 cases now and takes no more than 2 at once.",
        "Away until 28 Dec 2026.",
    }
    assert "Has not said what they can judge." in words(found[0])


def test_a_week_off_in_the_middle_does_not_count_as_away():
    short = replace(ALL, away_from=TODAY + timedelta(days=7), away_until=TODAY + timedelta(days=14))
    assert proposals(NEED, [person(1, short)], TODAY, DUE)[0].against == ""


def test_somebody_who_takes_no_case_at_all_is_full():
    assert "takes no more than 0" in proposals(NEED, [person(1, replace(ALL, most=0))], TODAY, DUE)[0].against


def test_a_language_that_is_asked_counts():
    need = replace(NEED, languages={"cy": "Welsh"})
    speaks = replace(ALL, languages=frozenset({"cy"}))
    assert order([person(1), person(2, speaks)], need) == [2, 1]
    assert "Does not speak Welsh." in words(proposals(need, [person(1)], TODAY, DUE)[0])


def test_a_pair_is_made_of_people_who_know_together_what_neither_knows_alone():
    visits = person(1, replace(ALL, services=frozenset({"befriending"}), areas=frozenset({"GOV"})))
    lunch = person(2, replace(ALL, services=frozenset({"lunch-club"}), areas=frozenset({"SAFE"})))
    more_visits = person(3, replace(ALL, services=frozenset({"befriending"}), areas=frozenset({"GOV"})))
    best = pairs(NEED, [more_visits, visits, lunch], TODAY, DUE)[0]
    assert 2 in {each.user_id for each in best.people}
    assert "Knows 2 of 2 services" in words(best)


def test_the_same_two_are_not_always_put_together():
    often = [person(1, met={2: 2}), person(2, met={1: 2}), person(3)]
    found = pairs(NEED, often, TODAY, DUE)
    assert {each.user_id for each in found[-1].people} == {1, 2}
    assert "Have assessed 2 cases together lately." in words(found[-1])


def test_nobody_who_is_full_or_away_is_put_into_a_pair():
    assert pairs(NEED, [person(1), person(2, replace(ALL, most=1), load=1)], TODAY, DUE) == ()


def test_forty_people_give_five_pairs():
    assert len(pairs(NEED, [person(number) for number in range(40)], TODAY, DUE)) == 5

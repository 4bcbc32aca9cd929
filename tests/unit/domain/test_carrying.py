"""What goes over from one edition to the next: kept where nothing changed, marked where something did, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.carrying import Carrying, keeps_its_meaning
from app.domain.framework import Framework
from app.domain.scoring import NotApplicable, Scored, outcome_so_far
from app.domain.self_assessment import Claim, Progress, check_claim
from tests.unit.frameworks.editions import edition

OLD = edition()
CARE_1_2 = """\
          - code: CARE.1.2
            text: The service acts on what it learns.
            scale: fulfilment
            level: gold
"""
NEW = edition(
    ("at least four times", "at least six times"),  # GOV.1.1 has new wording
    ("- code: GOV.1.2", "- code: GOV.1.3\n            was: GOV.1.2"),  # has a new code and is else the same
    ("text: Every member of staff has a written contract.\n            scale: yes-no", "text: Every member of staff has a written contract.\n            scale: fulfilment"),
    ("- code: CARE.1.1", "- {code: CARE.1.3, text: Complaints are welcome., scale: yes-no}\n          - code: CARE.1.1"),
    (CARE_1_2, ""),
)  # fmt: skip
CODES = [criterion.code for criterion in OLD.criteria]


def carried(new: Framework, claims: dict[str, Claim], *between: Framework):
    return {each.code: each for each in Carrying.along([OLD, *between, new]).claims(claims)}


def test_an_answer_goes_over_as_it_is_where_the_criterion_is_the_same_even_under_a_new_code():
    answer = Claim(2, False, "We review ourselves every May.")
    (over,) = carried(NEW, {"GOV.1.2": answer}).values()
    assert (over.code, over.origins, over.claim, over.review) == ("GOV.1.3", ("GOV.1.2",), answer, ())


def test_new_words_keep_the_answer_and_ask_to_look_again():
    answer = Claim(3, False, "Six times.")
    over = carried(NEW, {"GOV.1.1": answer})["GOV.1.1"]
    assert (over.claim, over.review) == (answer, ("The criterion has new wording.",))


def test_a_point_that_the_new_scale_does_not_have_in_that_sense_is_left_open_and_the_reason_kept():
    over = carried(NEW, {"GOV.2.1": Claim(1, False, "All have one.")})["GOV.2.1"]
    assert over.claim == Claim(None, False, "All have one.")
    assert over.review == (
        "The scale has changed.",
        "You had chosen “Yes”, which its scale no longer has: choose a level.",
    )


def test_what_changed_beside_the_words_is_said_as_such():
    stricter = edition(("required: 2\n", "required: 3\n"), ("title: The calendar of meetings", "title: The diary"))
    assert carried(stricter, {"GOV.1.1": Claim(2, False, "Yes.")})["GOV.1.1"].review == (
        "Bronze, Silver and Gold now require at least “Embedded”.",
        "The criterion asks for other evidence.",
    )
    looser = edition(("              - {kind: document, code: calendar, title: The calendar of meetings}\n", ""), ("            lighter: {when: {income: {below: 50000}}, evidence: [minutes]}\n", ""))  # fmt: skip
    assert carried(looser, {"GOV.1.1": Claim(2, False, "Yes.")})["GOV.1.1"].review == ()


def test_who_may_leave_a_criterion_out_matters_only_to_whom_left_it_out():
    stricter = edition(("not_applicable: with-reason", "not_applicable: never"))
    over = carried(stricter, {"GOV.1.1": Claim(None, True, "No meetings."), "GOV.1.2": Claim(1, False, "Begun.")})
    assert over["GOV.1.1"].claim == Claim(None, False, "No meetings.")
    assert over["GOV.1.1"].review == ("It can no longer be marked as not applicable: choose a level.",)
    assert over["GOV.1.2"].review == ()


def test_merged_answers_keep_a_point_that_they_share_and_every_word():
    merged = edition(("text: Trustees review", "was: [GOV.1.1, GOV.1.2]\n            text: Trustees review"))
    agree = carried(merged, {"GOV.1.1": Claim(2, False, "Minutes."), "GOV.1.2": Claim(2, False, "Review.")})["GOV.1.2"]
    assert agree.claim == Claim(2, False, "GOV.1.1: Minutes.\n\nGOV.1.2: Review.")
    assert agree.review == (
        "The criterion brings together GOV.1.1 and GOV.1.2 of edition 2026: make one answer of them.",
    )
    differ = carried(merged, {"GOV.1.1": Claim(2, False, "Minutes."), "GOV.1.2": Claim(1, False, "Review.")})["GOV.1.2"]
    assert differ.claim.point is None
    assert differ.review[-1] == "Your answers did not agree: choose a level."


def test_a_split_answer_goes_to_every_part_with_the_reason_to_look_again():
    split = edition(("- code: CARE.1.1", "- {code: CARE.1.3, was: CARE.1.1, text: People complain safely., scale: fulfilment}\n          - code: CARE.1.1"))  # fmt: skip
    over = carried(split, {"CARE.1.1": Claim(2, False, "We ask them.")})
    assert set(over) == {"CARE.1.1", "CARE.1.3"}
    assert all("is now asked as CARE.1.3 and CARE.1.1" in each.review[0] for each in over.values())


def test_evidence_goes_over_once_behind_each_criterion_and_keeps_what_it_shows_where_that_is_still_asked():
    way = Carrying.along([OLD, edition(("{kind: document, code: calendar, title: The calendar of meetings}", "{kind: document, code: diary, title: The diary}"))])  # fmt: skip
    attached = [("GOV.1.1", 7, "minutes"), ("GOV.1.1", 8, "calendar"), ("GOV.1.2", 7, "")]
    assert list(way.evidence(attached)) == [("GOV.1.1", 7, "minutes"), ("GOV.1.1", 8, ""), ("GOV.1.2", 7, "")]
    merged = Carrying.along([OLD, edition(("text: Trustees review", "was: [GOV.1.1, GOV.1.2]\n            text: Trustees review"))])  # fmt: skip
    assert list(merged.evidence(attached)).count(("GOV.1.2", 7, "")) == 1


@pytest.mark.parametrize(
    ("edit", "point", "kept"),
    [
        (("3: {label: Embedded", "4: {label: Embedded"), 2, True),  # called the same
        (("1: Started", "1: Begun"), 1, True),  # the very same points, in other words
        (("      0: Not in place\n      1: Started\n", "      0: Started\n"), 1, False),  # no longer a point
    ],
)
def test_a_point_keeps_its_meaning_or_is_not_kept(edit, point, kept):
    new = edition(edit, ("            required: 2\n", ""), ("            required: {silver: 1, gold: 2}\n", ""))
    assert keeps_its_meaning(OLD.scales["fulfilment"], new.scales["fulfilment"], point) is kept


points = st.sampled_from([None, 0, 1])
claims = st.dictionaries(
    st.sampled_from(CODES),
    st.builds(Claim, points, st.just(False), st.sampled_from(["", "We do.", "x" * 6_000]))
    | st.builds(Claim, st.none(), st.just(True), st.sampled_from(["", "Not us."])),
)


@given(claims)
def test_nothing_changes_between_an_edition_and_itself(said):
    written = {code: claim for code, claim in said.items() if claim.progress is not Progress.NOT_STARTED}
    may = {code: claim for code, claim in written.items() if not claim.not_applicable or code != "GOV.2.1"}
    over = carried(OLD, may)
    assert {code: each.claim for code, each in over.items()} == may
    assert not any(each.review for each in over.values())


@given(claims)
def test_the_origin_of_every_answer_is_accounted_for_and_no_word_is_lost(said):
    way = Carrying.along([OLD, NEW])
    over, behind = list(way.claims(said)), way.left_behind(said)
    went = {code for each in over for code in each.origins}
    written = {code for code, claim in said.items() if claim.progress is not Progress.NOT_STARTED}
    assert went | set(behind) == written and not went & set(behind)
    for each in over:
        check_claim(NEW.criterion(each.code), Claim(each.claim.point, each.claim.not_applicable))
        assert all(said[code].reason.strip() in each.claim.reason for code in each.origins)
        same = each.claim == said[each.origins[0]]
        assert same or each.review


@given(claims)
def test_scores_that_go_over_can_be_summed_up(said):
    given = {
        code: NotApplicable("x") if claim.not_applicable else Scored(claim.point)
        for code, claim in said.items()
        if claim.point is not None or (claim.not_applicable and code != "GOV.2.1")
    }
    over = Carrying.along([OLD, NEW]).scores(given)
    assert "GOV.2.1" not in over
    outcome_so_far(NEW, over, {})

"""The rules of appeals and complaints: what carries, who is kept out, by when, and what may be told."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.appeals import (
    Against,
    Remedy,
    Terms,
    Written,
    as_draft,
    carried,
    check_decided,
    check_written,
    from_draft,
    remedies_open,
    terms_of,
)
from app.domain.complaints import Sent, acknowledged_by, answered_by, concerned, names_complainant, tidy
from app.domain.errors import Invalid
from app.domain.lifecycle import AppealMove

PEOPLE = [(1, "Morgan Rees", True), (2, "Dale Ann Vaughan", True), (3, "Ash Li", False)]
UP, PART, DOWN = AppealMove.UPHOLD, AppealMove.PARTLY_UPHOLD, AppealMove.DISMISS


@pytest.mark.parametrize(
    ("votes", "needed", "gives"),
    [
        ((UP, UP, DOWN), 3, UP),
        ((UP, DOWN), 3, None),
        ((UP, DOWN, PART), 3, None),
        ((UP, UP, DOWN, DOWN), 4, None),
        ((DOWN, DOWN, DOWN, ""), 4, None),
        ((PART, PART, PART), 3, PART),
    ],
)
def test_more_than_half_of_all_who_must_vote_carry(votes, needed, gives):
    assert carried(votes, needed) is gives


def test_what_may_follow_depends_on_what_was_appealed_and_on_the_outcome():
    assert remedies_open(Against.DECISION, UP) == (Remedy.DECIDE_AGAIN,)
    assert remedies_open(Against.SUSPENSION, UP) == (Remedy.REINSTATE,)
    assert remedies_open(Against.SUSPENSION, PART) == (Remedy.REINSTATE, Remedy.STANDS)
    assert remedies_open(Against.WITHDRAWAL, DOWN) == (Remedy.STANDS,)
    with pytest.raises(Invalid) as wrong:
        check_decided(PART, Against.DECISION, "reinstate", " ", "")
    assert set(wrong.value.errors) == {"remedy", "reasons", "changes"}
    assert check_decided(DOWN, Against.DECISION, "decide-again", "It stands.", "") is Remedy.STANDS


def test_an_appeal_is_whole_with_grounds_words_and_a_wish_and_a_reason_where_it_is_late():
    whole, last = Written(grounds=("facts",), words="A.", asks="B."), date(2026, 5, 1)
    check_written(whole, last, last)
    with pytest.raises(Invalid) as wrong:
        check_written(Written(grounds=("no-such",)), last, date(2026, 5, 2))
    assert set(wrong.value.errors) == {"grounds", "words", "asks", "late_reason"}
    assert from_draft(as_draft(whole)) == whole


def test_a_scheme_sets_its_terms_and_what_is_no_number_is_as_usual():
    said = {"appeals": {"reviewers": 5, "lay": "two"}, "complaints": {"answered": 30}}
    assert terms_of(said) == Terms(reviewers=5, answered=30)
    assert terms_of({"appeals": None}) == Terms()


def test_complaints_are_due_by_working_days():
    friday = date(2026, 11, 20)
    assert acknowledged_by(friday, Terms()) == date(2026, 11, 25)
    assert answered_by(friday, Terms()) == date(2026, 12, 18)


@pytest.mark.parametrize(
    ("about", "whom", "words", "kept_out"),
    [
        ("manager", "Mr Rees", "", {1}),
        ("manager", "whoever is in charge", "", {1, 2}),
        ("manager", "Ash Li", "", {1, 2, 3}),
        ("person", "VAUGHAN", "", {2}),
        ("person", "the assessor", "It was morgan  rees who said so.", {1}),
        ("scheme", "", "Dale did it.", set()),
        ("holder", "", "Ash Li laughed.", {3}),
        ("holder", "", "Ashley Lim laughed.", set()),
    ],
)
def test_whoever_is_named_is_kept_out_and_a_manager_without_a_name_is_every_manager(about, whom, words, kept_out):
    assert concerned(about, whom, words, PEOPLE) == kept_out


def test_words_that_tell_who_complained_are_found_whatever_their_case():
    assert names_complainant("so says THELMA  oak", "Thelma Oak", "")
    assert names_complainant("write to t@example.org", "", "T@example.org")
    assert not names_complainant("under the oak", "Thelma Oak", "t@example.org")
    assert not names_complainant("anything", "", "")


def test_what_is_sent_is_tidied_and_every_mistake_is_named_at_once():
    with pytest.raises(Invalid) as wrong:
        tidy(Sent(about="nothing", words=" ", email="no address", name="n" * 200))
    assert set(wrong.value.errors) == {"about", "words", "email", "name"}
    with pytest.raises(Invalid, match="Say who it is about"):
        tidy(Sent(about="manager", words="Rude."))
    kept = tidy(Sent(about="scheme", words=" a ", told="yes", provider="X", email="A@B.org", may_name=True))
    assert kept == Sent(about="scheme", words="a", email="a@b.org")

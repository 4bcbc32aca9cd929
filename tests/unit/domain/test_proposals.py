"""What becomes of a claim when an answer given elsewhere is taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.crosslinks import Extent
from app.domain.errors import Invalid
from app.domain.proposals import Here, Offered, same_labels, taken, worth_offering
from app.domain.self_assessment import LONGEST_REASON, NO_CLAIM, Claim
from app.domain.wording import Text
from tests.unit.domain.frameworks import STEPS, criterion

THERE = Claim(2, False, "We do it.")
HERE = criterion("B.1")


def offered(extent=Extent.FULL, claim=THERE, **changes) -> Offered:
    return Offered(criterion("A.1", **changes), claim, extent)


def test_an_empty_answer_gets_the_words_and_where_all_is_the_same_the_level():
    assert taken(HERE, NO_CLAIM, offered(), words=True) == THERE
    assert taken(HERE, NO_CLAIM, offered(Extent.PARTIAL), words=True) == Claim(None, False, "We do it.")


def test_a_level_is_not_proposed_across_other_labels_but_across_other_anchors():
    relabelled = replace(STEPS, points=(*STEPS.points[:-1], replace(STEPS.points[-1], label=Text.plain("Best"))))
    explained = replace(
        STEPS, code="other", points=tuple(replace(each, anchor=Text.plain("As seen.")) for each in STEPS.points)
    )
    turned = replace(STEPS, lower_is_better=True)
    assert [same_labels(STEPS, scale) for scale in (relabelled, explained, turned)] == [False, True, False]
    assert taken(HERE, NO_CLAIM, offered(scale=relabelled), words=True).point is None
    assert taken(HERE, NO_CLAIM, offered(scale=explained), words=True).point == 2


def test_nothing_that_was_written_or_chosen_is_lost():
    mine = Claim(1, False, "Ours.")
    assert taken(HERE, mine, offered(), words=True) == Claim(1, False, "Ours.\n\nWe do it.")
    assert taken(HERE, mine, offered(), words=False) == mine
    left_out = Claim(None, True, "Not for us.")
    assert taken(HERE, left_out, offered(), words=True) == Claim(None, True, "Not for us.\n\nWe do it.")


def test_the_same_words_are_never_there_twice():
    once = taken(HERE, Claim(1, False, "Ours."), offered(), words=True)
    assert taken(HERE, once, offered(), words=True) == once


def test_words_beyond_what_a_reason_may_hold_are_refused():
    long = Claim(None, False, "x" * (LONGEST_REASON - 2))
    fits = taken(HERE, Claim(), offered(claim=long), words=True)
    assert len(fits.reason) == LONGEST_REASON - 2
    with pytest.raises(Invalid, match="Take the evidence alone"):
        taken(HERE, Claim(reason="y"), offered(claim=long), words=True)


def test_what_is_offered_has_words_or_evidence_and_applies():
    claims = [Claim(2, False, " "), THERE, Claim(None, True, "Not for us.")]
    assert [worth_offering(claim, 0) for claim in claims] == [False, True, False]
    assert [worth_offering(claim, 1) for claim in claims] == [True, True, False]


def test_what_stands_here_already_is_known():
    here = Here(Claim(2, False, "As before: We do it."), frozenset({1, 2}))
    assert not here.lacks_words(THERE) and here.lacks_words(Claim(reason="Something else."))
    assert not here.lacks_evidence([1]) and here.lacks_evidence([1, 3])

"""Scores that somebody tries, as they come in an address: what makes no sense is told, and never without end."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from app.frameworks import read
from app.web.trial import LONGEST_VALUE, MOST_STRAYS, read_trial
from tests.factories import SMALL_FRAMEWORK


def test_scores_of_nothing_in_the_framework_are_told_up_to_a_number_and_those_that_do_not_fit_always():
    strays = [f"no-such-{number}:1" for number in range(5_000)]
    address = ",".join([*strays, "x" * 100_000 + ":1", "GOV.1.1:99", "GOV.1.2:1"])
    typed = read_trial(read(SMALL_FRAMEWORK, "small"), MultiDict({"scores": address}))
    assert list(typed.trial.scores) == ["GOV.1.2"] and typed.left_out["GOV.1.1"] == "99"
    assert len(typed.left_out) == MOST_STRAYS + 1
    assert sum(len(sentence) for _, sentence in typed.problems([])) < 10_000


def test_a_stray_score_with_a_name_of_any_length_is_told_in_one_short_sentence():
    typed = read_trial(read(SMALL_FRAMEWORK, "small"), MultiDict({"scores": "x" * 100_000 + ":" + "9" * 100_000}))
    ((_, sentence),) = typed.problems([])
    assert sentence.startswith("x" * LONGEST_VALUE + " cannot be “999") and len(sentence) < 150

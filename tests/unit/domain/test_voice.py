"""Feedback: addresses, themes by words, what is shown of how many, and the same sentences in both languages."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from string import Formatter

import pytest

from app.domain.errors import Invalid
from app.domain.voice import Form, NewRound, Question, Said, addresses_in, as_stored, checked, checked_round, form_of
from app.domain.voice_results import Given, large_enough, results, shown_of
from app.domain.voice_words import words_in
from app.domain.wording import Text
from app.queries.voice_form import core_form, theme_titles, themes_in

TODAY = date(2026, 11, 16)


def given(number: int, **values) -> Given:
    defaults = {"choices": {"respect": "always"}, "comments": {}, "themes": (), "who": "self", "personal": False}
    return Given(**{"month": TODAY.replace(day=1), "once": str(number), **defaults, **values})


def test_addresses_are_read_from_whatever_is_pasted_and_the_rest_is_named_by_its_line():
    found, wrong = addresses_in("Ada <ADA@Example.org>, bob@example.org;\n\n  ada@example.org\nbob@\nno address")
    assert found == ["ada@example.org", "bob@example.org"]
    assert wrong == ["Line 4: “bob@” is not an e-mail address.", "Line 5: “no address” is not an e-mail address."]


@pytest.mark.parametrize(
    ("text", "language", "themes"),
    [
        ("The STAFF listened, and lunches were good.", "en", {"people", "listening", "food"}),
        ("Nobody picks up my mother.", "en", {"getting-there"}),
        ("Nobody picked her and me up.", "en", set()),  # the words must stand side by side
        ("I am up and well.", "en", {"difference"}),
        ("Mae'r gwirfoddolwyr yn garedig iawn.", "cy", {"people"}),
        ("Roedd ei gwrandawiad yn dda; the food was cold", "cy", {"listening", "food", "place"}),
        ("gwirfoddolwyr", "en", set()),
        ("", "en", set()),
    ],
)
def test_themes_are_found_by_words_in_any_of_their_forms(text, language, themes):
    assert set(themes_in(text, language)) == themes


@pytest.mark.parametrize(
    ("answers", "closed", "shown"),
    [(4, True, 0), (5, True, 5), (9, True, 9), (4, False, 0), (9, False, 0), (10, False, 5), (14, False, 5)],
)
def test_how_many_answers_are_shown_of_how_many(answers, closed, shown):
    assert len(shown_of([given(number) for number in range(answers)], closed=closed)) == shown


@pytest.mark.parametrize("answers", range(60))
def test_no_look_at_a_round_and_its_end_differ_by_fewer_than_five_people(answers):
    """Who watches the results, and ends the round when somebody they know has answered, learns nothing of that answer."""
    everybody = [given(number) for number in range(answers)]
    looks = {len(shown_of(everybody[:some], closed=False)) for some in range(answers + 1)}
    seen = sorted(looks | {len(shown_of(everybody, closed=True))})
    assert all(more - fewer >= 5 for fewer, more in pairwise(seen))


def test_parts_are_told_apart_only_where_each_is_empty_or_large():
    assert large_enough(0, 5) and large_enough(7, 5)
    assert not large_enough(1, 9) and not large_enough(4, 0, 6)


def test_shares_are_exact_and_a_statement_that_few_answered_shows_nothing():
    answers = [
        given(number, choices={"respect": "always" if number else "never", "safe": "not-said"}) for number in range(6)
    ]
    found = results(core_form(), answers, list(theme_titles()), closed=True)
    by_code = {each.question.code: each for each in found.statements}
    assert by_code["respect"].well == Fraction(5, 6)
    assert sum(point.share for point in by_code["respect"].points) == 1
    assert (by_code["safe"].answered, by_code["safe"].points) == (0, ())


def test_a_form_that_says_nothing_is_refused_in_its_own_language():
    form = core_form()
    with pytest.raises(Invalid) as refusal:
        checked(Said("self", "cy", {"respect": "not-said", "made-up": "always"}), form)
    assert refusal.value.errors == {"nothing": words_in("cy")["nothing_said"]}
    kept = checked(Said("nobody", "xx", {"respect": "often", "safe": "never"}), form)
    assert (kept.who, kept.language, kept.choices) == ("self", "en", {"safe": "never"})


def test_a_form_is_stored_and_read_again_as_it_was():
    form = Form(core_form().points, (Question("ask-DIG.2", Text.plain("Privacy"), "DIG.2"),), core_form().words)
    assert form_of(as_stored(form)) == form


def test_every_wrong_field_of_a_round_is_named_at_once():
    wrong = NewRound(" ", "swimming", None, date(2026, 11, 1), date(2026, 10, 1))
    with pytest.raises(Invalid) as refusal:
        checked_round(wrong, ["befriending"], TODAY)
    assert set(refusal.value.errors) == {"title", "service", "opens_on", "closes_on"}


def test_both_languages_of_the_form_say_the_same_things():
    english, welsh = words_in("en"), words_in("cy")
    assert english.keys() == welsh.keys()

    def places(text: str) -> set:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [name for name in english if places(english[name]) != places(welsh[name])] == []
    lists = [*core_form().statements, *core_form().words]
    assert all(each.text.in_("cy") != str(each.text) for each in lists)

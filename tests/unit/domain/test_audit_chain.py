"""The chain of the audit trail: whatever is changed in it shows, and what may be erased does not break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit_chain import (
    GENESIS,
    Content,
    Link,
    breaks,
    canonical,
    facts_of,
    hash_of_content,
    hash_of_row,
    next_hash,
    read_seal,
)

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
words = st.text(max_size=20)
details = st.dictionaries(words, st.one_of(words, st.integers(), st.none(), st.lists(words, max_size=3)), max_size=3)
rows = st.lists(st.tuples(words, words, details), min_size=1, max_size=8)


def chain(written) -> list[Link]:
    links, last = [], GENESIS
    for number, (action, name, detail) in enumerate(written, 1):
        facts = facts_of(AT, action, "award", number, 7, organisation_id=1, scheme_id=2, application_id=None)
        content = Content(f"salt {number}", name, detail)
        hashed = hash_of_content(content)
        last = next_hash(last, hash_of_row(facts, hashed))
        links.append(Link(number, facts, hashed, last, content))
    return links


@given(rows)
def test_a_chain_that_nobody_touched_holds(written):
    assert list(breaks(chain(written))) == []


@given(rows, st.data())
def test_a_changed_fact_a_changed_word_and_a_missing_row_show_where_they_are(written, data):
    links = chain(written)
    at = data.draw(st.integers(0, len(links) - 1))
    hit = links[at]
    other_fact = [*links[:at], replace(hit, facts={**hit.facts, "action": hit.facts["action"] + "!"}), *links[at + 1 :]]
    assert [each.row_id for each in breaks(other_fact)] == [hit.row_id]
    louder = replace(hit.content, actor_name=hit.content.actor_name + "!")
    assert [each.row_id for each in breaks([*links[:at], replace(hit, content=louder), *links[at + 1 :]])] == [
        hit.row_id
    ]
    gone = [*links[:at], *links[at + 1 :]]
    assert [each.row_id for each in breaks(gone)] == [link.row_id for link in links[at + 1 : at + 2]]


@given(rows, st.data())
def test_erased_words_leave_the_chain_whole(written, data):
    links = chain(written)
    at = data.draw(st.integers(0, len(links) - 1))
    assert not list(breaks([*links[:at], replace(links[at], content=None), *links[at + 1 :]]))


@given(rows)
def test_who_rewrites_a_row_and_all_after_it_ends_at_another_hash(written):
    honest = chain(written)
    bent = chain([(written[0][0] + "!", *written[0][1:]), *written[1:]])
    assert not list(breaks(bent)) and bent[-1].hash != honest[-1].hash


def test_data_is_hashed_as_a_database_gives_it_back():
    assert canonical({"b": (1, 2), 3: "é"}) == b'{"3":"\xc3\xa9","b":[1,2]}'


@pytest.mark.parametrize("text", ["", "12", "12:", "x:" + "0" * 64, "12:" + "G" * 64, "12:" + "0" * 63])
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(ValueError, match="64 of 0-9 and a-f"):
        read_seal(text)
    assert read_seal(f" 12:{'ab' * 32}\n") == (12, "ab" * 32)

"""How often somebody may ask."""

from __future__ import annotations

import pytest

from app.backends import limiting
from app.backends.limiting import Allowance, Limiter, caller_at

TEN = Allowance(per_second=10, burst=100)


def let_through(limiter: Limiter, moments: list[float], caller: str = "a") -> int:
    return sum(limiter.ask(caller, TEN, moment).allowed for moment in moments)


def test_a_burst_is_let_through_and_after_it_ten_in_each_second():
    limiter = Limiter()
    assert let_through(limiter, [0.0] * 250) == 100
    assert let_through(limiter, [second + step / 200 for second in range(1, 11) for step in range(200)]) in {109, 110}


def test_who_waits_as_long_as_told_is_let_through_and_a_refusal_costs_nothing():
    limiter = Limiter()
    let_through(limiter, [5.0] * 100)
    refused = [limiter.ask("a", TEN, 5.0) for _ in range(50)]
    assert not any(verdict.allowed for verdict in refused)
    assert refused[-1].wait == pytest.approx(0.1)
    assert limiter.ask("a", TEN, 5.0 + refused[-1].wait).allowed


def test_what_is_left_is_told_and_fills_again():
    limiter = Limiter()
    assert limiter.ask("a", TEN, 0.0).left == 99
    let_through(limiter, [0.0] * 99)
    assert limiter.ask("a", TEN, 0.0).left == 0
    assert limiter.ask("a", TEN, 60.0).left == 99


def test_a_crawler_takes_nothing_from_anybody_else():
    limiter = Limiter()
    let_through(limiter, [0.0] * 500, "crawler")
    assert let_through(limiter, [0.0] * 100, "somebody") == 100


def test_addresses_of_one_household_count_together_and_others_apart():
    assert caller_at("2001:db8:1:2::1") == caller_at("2001:db8:1:2:ffff::9") != caller_at("2001:db8:1:3::1")
    assert caller_at("::ffff:192.0.2.7") == caller_at("192.0.2.7") != caller_at("192.0.2.8")
    assert caller_at("unix:") == "unix:"


def test_a_million_addresses_do_not_fill_the_memory_and_the_busiest_stay_counted(monkeypatch):
    monkeypatch.setattr(limiting, "MOST_KEPT", 1_000)
    limiter = Limiter()
    let_through(limiter, [0.0] * 100, "crawler")
    for number in range(5_000):
        limiter.ask(f"10.0.{number // 256}.{number % 256}", TEN, 0.0)
    assert len(limiter) <= 1_000
    assert not limiter.ask("crawler", TEN, 0.0).allowed

"""What happens to a provider: it joins, prepares, submits, is assessed and judged, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from app.demo.case import Case
from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.deciding import Verdict

JOINED_BEFORE = 24
PREPARED_FOR = 52
"""Days from the start of an application to its submission."""

DECIDED_AFTER = range(78, 139)
"""Days from submission to decision: some take longer than others."""

Steps = Callable[[Case], Story]


def provider_story(stage: Stage, provider: Provider, today: date) -> Story:
    """Everything that has happened to one provider, as providers.yaml tells it."""
    first = today - days(max((_begins(step, provider) for step in provider.story), default=3))
    joined = first - days(JOINED_BEFORE)
    yield at(joined, 10, provider.serial % 60)
    stage.sign_up(provider.people[0])
    stage.start_organisation(provider)
    if provider.empty:
        return
    if provider.two:
        yield at(joined + days(4), 15, provider.serial % 60)
        stage.invite_colleague(provider)
    for step in provider.story:
        case = Case(stage, provider, step)
        yield from _prepare(case, today)
        yield from TELLS[step["do"]](case, today)


def _decided_after(provider: Provider) -> int:
    return DECIDED_AFTER[provider.serial * 29 % len(DECIDED_AFTER)]


def _begins(step: Mapping[str, Any], provider: Provider) -> int:
    """How many days ago the application of this step was started."""
    ago: int = step["ago"]
    if step["do"] == "draft":
        return ago
    decided = step["do"] in DECIDED
    return ago + PREPARED_FOR + (_decided_after(provider) if decided else 0)


def _prepare(case: Case, today: date) -> Story:
    """Start, bring evidence, and answer area by area over some weeks."""
    start = today - days(_begins(case.step, case.provider))
    yield case.at(start, 11)
    case.start()
    yield case.at(start + days(2), 14)
    case.bring_evidence()
    draft = case.step["do"] == "draft"
    areas = case.areas(case.step["part"] if draft else 100)
    whole = case.step["ago"] - 4 if draft else PREPARED_FOR - 12
    for number, codes in enumerate(areas, 1):
        yield case.at(start + days(2 + whole * number / len(areas)), 9 + number)
        case.answer(codes, by_colleague=number % 3 == 2)


def _submit(case: Case, day: date) -> Story:
    yield case.at(day, 16)
    case.submit()


def _draft(case: Case, today: date) -> Story:
    yield case.at(today - days(1), 15)
    case.use_again()


def _submitted(case: Case, today: date) -> Story:
    yield from _submit(case, case.day(today))


def _assigned(case: Case, today: date) -> Story:
    yield from _submitted(case, today)
    yield case.at(case.day(today) + days(4), 10)
    case.assign()


def _declined(case: Case, today: date) -> Story:
    yield from _assigned(case, today)
    yield case.at(case.day(today) + days(6), 19)
    case.decline()


def _sent_back(case: Case, today: date) -> Story:
    yield from _submitted(case, today)
    yield case.at(case.day(today) + days(6), 11)
    case.send_back()


def _withdrawn(case: Case, today: date) -> Story:
    yield from _assigned(case, today)
    yield case.at(case.day(today) + days(30), 9)
    case.withdraw()


def _opened(case: Case, submitted: date) -> Story:
    yield from _submit(case, submitted)
    yield case.at(submitted + days(4), 10)
    case.assign()
    yield case.at(submitted + days(7), 18)
    case.declare()


def _scoring(case: Case, today: date) -> Story:
    """Part way: `part` per cent of the criteria scored, with a question open or answered."""
    submitted = case.day(today)
    yield from _opened(case, submitted)
    for number, codes in enumerate(case.areas(case.step["part"]), 1):
        yield case.at(submitted + days(9 + 4 * number), 20)
        case.score(codes)
    if "question" in case.step:
        yield case.at(today - days(5), 9)
        case.ask()
    if case.step.get("question") == "answered":
        yield case.at(today - days(2), 14)
        case.reply()


def _assess(case: Case, submitted: date) -> Story:
    """The whole assessment, in 46 days."""
    yield from _opened(case, submitted)
    areas = case.areas()
    for number, codes in enumerate(areas, 1):
        yield case.at(submitted + days(9 + 5 * number), 20)
        case.score(codes)
        if number == 2 and case.asks:
            yield case.at(submitted + days(26), 9)
            case.ask()
            yield case.at(submitted + days(28), 14)
            case.reply()
    yield case.at(submitted + days(46), 17)
    case.hand_in()


def _assessed(case: Case, today: date) -> Story:
    yield from _assess(case, case.day(today))


def _panel(case: Case, today: date) -> Story:
    """With a panel that was just called, has partly voted, or has voted and waits for the chair."""
    stage = case.step["stage"]
    submitted = case.day(today)
    yield from _assess(case, submitted)
    yield case.at(today - days(16), 10)
    case.call_panel(today + days(5), large=stage == "partly")
    if stage == "called":
        return
    for number, member in enumerate(case.panel):
        yield case.at(today - days(12 - number), 19)
        case.declare_for_panel(member)
    for number, member in enumerate(reversed(case.panel)):
        if stage == "partly" and number >= 2:
            return
        yield case.at(today - days(5 - number), 20)
        case.vote(member, Verdict.AWARD)


def _judged(case: Case, today: date, verdict: Verdict) -> Story:
    """From submission to the chair's record, on the day that lies `ago` days before today."""
    decided = case.day(today)
    submitted = decided - days(_decided_after(case.provider))
    yield from _assess(case, submitted)
    yield case.at(submitted + days(52), 10)
    case.call_panel(decided)
    for number, member in enumerate(case.panel):
        yield case.at(submitted + days(60 + number), 19)
        case.declare_for_panel(member)
    for number, member in enumerate(case.panel):
        yield case.at(decided - days(6 - 2 * number), 20)
        case.vote(member, verdict)
    yield case.at(decided, 14)
    case.decide(verdict)


def _award(case: Case, today: date) -> Story:
    conditional = case.step.get("conditions", False)
    yield from _judged(case, today, Verdict.AWARD_WITH_CONDITIONS if conditional else Verdict.AWARD)
    for change, ago in case.step.get("later", ()):
        yield case.at(today - days(ago), 11)
        case.change_award(change)


def _refused(case: Case, today: date) -> Story:
    yield from _judged(case, today, Verdict.REFUSE)


def _deferred(case: Case, today: date) -> Story:
    yield from _judged(case, today, Verdict.DEFER)


DECIDED = frozenset({"award", "refused", "deferred"})
TELLS: Mapping[str, Callable[[Case, date], Iterator[Any]]] = {
    "draft": _draft,
    "submitted": _submitted,
    "assigned": _assigned,
    "declined": _declined,
    "sent-back": _sent_back,
    "withdrawn": _withdrawn,
    "scoring": _scoring,
    "assessed": _assessed,
    "panel": _panel,
    "award": _award,
    "refused": _refused,
    "deferred": _deferred,
}

"""The clauses of a framework in sentences, as its handbooks read them out. What a file leaves unsaid is not said here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.clauses import (
    WHOLE,
    AnsweredBy,
    Audience,
    Before,
    Gate,
    Grade,
    MemberRules,
    MetBy,
    Overdue,
    Publication,
)
from app.domain.framework import Criterion, Level
from app.domain.publication import Part
from app.domain.sampling import samples_in_words
from app.domain.terms import (
    PANEL_OUTCOMES,
    AfterSuspension,
    ChairVotes,
    LateReturn,
    Reconciliation,
    SuspensionTerms,
)
from app.domain.wording import joined, percent

if TYPE_CHECKING:
    from app.frameworks.in_words import InWords

BEFORE = {
    Before.APPLICATION: "Before anyone applies",
    Before.ASSESSMENT: "Before an application is handed in",
    Before.AWARD: "Before an award",
}
OVERDUE = {Overdue.SUSPEND: "suspended", Overdue.WITHDRAW: "withdrawn"}
AFTER_SUSPENSION = {
    AfterSuspension.REMIND: "then the scheme decides what follows",
    AfterSuspension.WITHDRAW: "then the award is withdrawn, after a warning two months before",
}
RECONCILED = {
    Reconciliation.ALWAYS: "Assessors meet over every score in which they differ.",
    Reconciliation.BELOW_FLOOR: "Assessors meet over their scores when they agree on less than {}.",
    Reconciliation.PANEL: "Where assessors differ, the panel sees both scores.",
}
CHAIR = {
    ChairVotes.TIES: "The chair's vote counts only where the others are tied.",
    ChairVotes.NEVER: "The chair takes part and does not vote.",
}
MEMBERS = {
    MetBy.EACH: "every member has to meet it",
    MetBy.ANY: "one member is enough",
    MetBy.LEAD: "the lead member has to meet it",
}
PARTS = {
    Part.LEVEL: "the level",
    Part.CONDITIONS: "the conditions of an award",
    Part.SHARE: "the share in all",
    Part.NODE_SCORES: "the results of each part",
    Part.CRITERION_SCORES: "the score of each criterion",
    Part.FINDINGS: "the findings",
    Part.REASONS: "the reasons",
}
SEES = {
    Audience.PUBLIC: "Everyone can see {}.",
    Audience.COMMISSIONERS: "Commissioners can also see {}.",
    Audience.PROVIDER: "The provider can also see {}.",
    Audience.SCHEME: "Only the scheme can see {}.",
    Audience.NEVER: "Nobody but those who work on the case can see {}.",
}


def clauses_in_words(words: InWords) -> Iterator[str]:
    """Every clause that the framework has, a paragraph each."""
    yield from gates_in_words(words)
    yield from _findings(words)
    yield from _assessment(words)
    yield from _award(words)
    yield from _members(words)
    yield from _publication(words)
    yield from _retention(words)


def gates_in_words(words: InWords) -> Iterator[str]:
    """What has to hold before a case goes on and before each level, whatever the scores."""
    yield from (_gate(words, gate) for gate in words.framework.clauses.gates)
    for level in words.framework.levels:
        yield from _level(words, level)


def criterion_in_words(words: InWords, criterion: Criterion) -> Iterator[str]:
    """Who answers a criterion where that is special, and what answers it instead."""
    if criterion.answered_by is AnsweredBy.EACH_SITE:
        one = words.framework.clauses.members.sites is MetBy.ANY
        yield f"Answered at each site: {'one of them is enough' if one else 'every site has to meet it'}."
    if criterion.met_by:
        yield f"In a consortium, {MEMBERS[criterion.met_by]}."
    for passport in criterion.passports:
        what = (
            f"Criterion {passport.criterion} of {passport.scheme}"
            if passport.criterion
            else f"An award of {passport.scheme}"
        )
        level = f" at the level {passport.level}" if passport.level else ""
        worth = criterion.scale.best if passport.counts_as is None else passport.counts_as
        yield f"{what}{level} answers this, and counts as {words.point(criterion.scale, worth)}, for as long as it is valid."


def _gate(words: InWords, gate: Gate) -> str:
    from app.frameworks.in_words import rule_in_words

    said = [f"{BEFORE[gate.before]}: {words.say(gate.title)}. {words.say(gate.because)}"]
    if gate.facts is not None:
        said.append(f"This holds when {rule_in_words(gate.facts, dict(words.framework.facts), words.language)}.")
    if gate.self_assessment is not None:
        asked = gate.self_assessment
        needs = [f"stand at {percent(asked.at_least)} or more"] if asked.at_least is not None else []
        needs += ["claim every required point"] if asked.required else []
        said.append(f"The self-assessment has to {joined(needs)}.")
    return " ".join(said)


def _level(words: InWords, level: Level) -> Iterator[str]:
    title = words.say(level.title)
    if level.after:
        held = f" has been held for {level.after.held} without a break" if level.after.held else " is held"
        yield f"{title} is granted only after {words.level(level.after.level)}{held}."
    if level.once:
        yield f"{title} is granted to an organisation only once."


def _findings(words: InWords) -> Iterator[str]:
    rules = words.framework.clauses.findings
    yield from (_grade(words, grade) for grade in rules.grades)
    titles = {grade.code: words.say(grade.title) for grade in rules.grades}
    for rule in rules.from_scores:
        scale = words.framework.scales[rule.scale]
        worse = "" if rule.at == scale.worst else " or worse"
        yield f"{words.point(scale, rule.at)}{worse} on the scale {words.scale_title(scale)} is a finding: {titles[rule.grade]}."
    for scale in words.framework.scales.values():
        for point in scale.points:
            if point.finding in titles:
                said = words.point(scale, point.value)
                yield f"{said} on the scale {words.scale_title(scale)} is a finding: {titles[point.finding]}."
    for step in rules.escalation:
        where = "in all" if step.in_one == WHOLE else f"in one {step.in_one.replace('-', ' ')}"
        yield f"{step.at_least} findings {where} of the grade {titles[step.of]} or graver become one: {titles[step.become]}."


def _grade(words: InWords, grade: Grade) -> str:
    facts = [f"to be put right within {grade.put_right_within}"] if grade.put_right_within else []
    if grade.holds:
        most = words.level(grade.holds.at_most) if grade.holds.at_most else ""
        facts.append(f"while it is open, {f'nothing above {most}' if most else 'no award'} is possible")
    if grade.overdue:
        facts.append(f"when it is overdue, the award is {OVERDUE[grade.overdue]}")
    facts = facts or ["it leaves the award alone"]
    title = words.say(grade.title)
    return " ".join(part for part in (f"{title}: {'; '.join(facts)}.", words.say(grade.summary)) if part)


def _assessment(words: InWords) -> Iterator[str]:
    terms, panel = words.framework.assessment, words.framework.panel
    if terms.reconciliation in RECONCILED:
        yield RECONCILED[terms.reconciliation].format(percent(terms.agreement_floor) if terms.agreement_floor else "")
    yield from samples_in_words(terms.samples, {})
    if terms.confidence:
        yield "Each score says how sure its assessor is."
    if panel.outcomes != PANEL_OUTCOMES:
        yield f"The panel may {joined((outcome.replace('-', ' ') for outcome in panel.outcomes), 'or')}."
    if panel.chair_votes in CHAIR:
        yield CHAIR[panel.chair_votes]


def _award(words: InWords) -> Iterator[str]:
    terms = words.framework.award
    if terms.carry_results:
        yield f"A result counts for {terms.carry_results}, with the date on which it was given."
    if terms.reassess:
        what = joined(terms.reassess.criteria) or "Everything"
        yield f"{what} {'is' if len(terms.reassess.criteria) < 2 else 'are'} scored again every {terms.reassess.every}."
    if terms.surveillance_overdue is LateReturn.SUSPEND:
        yield "An award whose regular look is overdue is suspended, after a warning two months before."
    if terms.suspension != SuspensionTerms():
        yield f"A suspension lasts {terms.suspension.at_most} at most; {AFTER_SUSPENSION[terms.suspension.then]}."
    if terms.ends_with_passports:
        yield "An award ends no later than the first award elsewhere on which it rests."


def _members(words: InWords) -> Iterator[str]:
    rules = words.framework.clauses.members
    if rules != MemberRules() or any(criterion.met_by for criterion in words.framework.criteria):
        yield f"Where members of a consortium answer a criterion, {MEMBERS[rules.met_by]}, unless it says otherwise."


def _publication(words: InWords) -> Iterator[str]:
    publication = words.framework.clauses.publication
    if publication == Publication():
        return
    for audience in Audience:
        parts = [PARTS[part] for part in Part if getattr(publication, part.value) is audience]
        if parts:
            yield SEES[audience].format(joined(parts))


def _retention(words: InWords) -> Iterator[str]:
    kept = words.framework.clauses.retention
    pairs = {
        "awards that have ended": kept.ended_awards,
        "refused applications": kept.refused,
        "withdrawn applications": kept.withdrawn,
        "drafts that nobody works on": kept.drafts,
    }
    for what, length in pairs.items():
        if length:
            yield f"We keep {what} for {length}."

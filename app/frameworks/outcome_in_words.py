"""How a framework comes from scores to an award, in sentences: the sum, the levels, the limits, the terms."""

from collections.abc import Iterator

from app.domain.framework import Level, Method, Stage
from app.domain.wording import counted, joined, percent
from app.frameworks.clauses_in_words import clauses_in_words
from app.frameworks.in_words import InWords

METHODS = {
    Method.MEAN: "the average of what is below it",
    Method.SHARE_OF_MAXIMUM: "the points earned below it, out of those that could be earned",
}
ROUNDED = {
    "half-up": "to the nearest {}, halves up",
    "half-even": "to the nearest {}, halves to the even one",
    "down": "down to the next {}",
    "up": "up to the next {}",
}


def level_rules(words: InWords, level: Level) -> str:
    """What a level needs: its band of the whole."""
    following = next((each for each in words.framework.levels if each.rank == level.rank + 1), None)
    if following is None or following.cut_off <= level.cut_off:
        return f"{percent(level.cut_off)} or more"
    return f"From {percent(level.cut_off)} to below {percent(following.cut_off)}"


def outcome_in_words(words: InWords) -> Iterator[str]:
    """How scores become a level, a paragraph each."""
    rules = words.framework.outcome
    yield from (_stage(stage) for stage in rules.stages)
    if rules.rounding:
        how = ROUNDED.get(rules.rounding.mode, rules.rounding.mode + " to {}").format(percent(rules.rounding.to))
        yield f"The whole is rounded {how}."
    bands = [f"{words.say(band.title)} from {percent(band.start)}" for band in rules.bands]
    if bands:
        yield f"The bands: {joined(bands)}. An edge belongs to the band that it opens."
    if len(words.framework.levels) > 1:
        yield "A level is reached only when every level below it is reached too."
    if any(criterion.required for criterion in words.framework.criteria):
        yield "A criterion that names a point it must reach holds the level back when it is below that point."
    yield "What does not apply counts neither for nor against you."
    for limit in rules.limits:
        at_most = words.level(limit.at_most) if limit.at_most else "no award"
        yield f"At most {at_most}: {words.say(limit.because)}"


def _stage(stage: Stage) -> str:
    name = "The whole" if stage.of == "whole" else f"Each {stage.of.replace('-', ' ')}"
    return f"{name} is {METHODS.get(stage.method, stage.method.replace('-', ' '))}."


def terms_in_words(words: InWords) -> Iterator[str]:
    """How long an award lasts, who assesses, who decides, and every other clause."""
    framework = words.framework
    award, assessment, panel = framework.award, framework.assessment, framework.panel
    checked = f", and is looked at again every {award.surveillance}" if award.surveillance else ""
    yield f"An award is valid for {award.valid}{checked}."
    for code, terms in award.by_level.items():
        if terms.valid != award.valid:
            yield f"{words.level(code)} is valid for {terms.valid}."
    yield (
        f"Renewal opens {award.renewal_opens} before the end. An award that has ended may be restored within "
        f"{award.restore_within}."
    )
    blind = ", who do not see each other's scores" if assessment.blind and assessment.assessors > 1 else ""
    yield f"{counted(assessment.assessors, 'assessor')} {'looks' if assessment.assessors == 1 else 'look'} at each application{blind}."
    yield f"Nobody assesses an organisation that they worked for in the last {assessment.conflict_bar}."
    lay = f", {panel.lay_members} of them lay," if panel.lay_members else ""
    yield f"A panel of at least {counted(panel.quorum, 'member')}{lay} decides."
    yield from clauses_in_words(words)

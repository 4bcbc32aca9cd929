"""A framework as a handbook to read: Markdown, in the order of the file."""

from collections.abc import Iterator

from app.domain.conditions import AllOf, AnyOf, Comparator, FactIs, Not, Rule
from app.domain.framework import Criterion, EvidenceAsk, Fact, FactKind, Framework, Node, NotApplicableRule
from app.domain.wording import joined, money, number, percent

FACT_WORDS = {
    Comparator.AT_LEAST: "is at least",
    Comparator.AT_MOST: "is at most",
    Comparator.ABOVE: "is above",
    Comparator.BELOW: "is below",
    Comparator.IS: "is",
    Comparator.INCLUDES: "include",
}


def handbook(framework: Framework, language: str = "en") -> str:
    """The whole framework as Markdown, ending in a line break."""
    lines = [
        f"# {framework.title.in_(language)}",
        f"Edition {framework.edition}",
        *framework.summary.paragraphs(language),
        *_levels(framework, language),
        *_scales(framework, language),
    ]
    for root in framework.roots:
        lines += _node(framework, root, 2, language)
    return "\n\n".join([*lines, *_outcome(framework, language), *_terms(framework)]) + "\n"


def rule_in_words(rule: Rule, facts: dict[str, Fact], language: str = "en") -> str:
    """A rule about facts as part of a sentence."""
    match rule:
        case AllOf(rules=rules):
            return joined(rule_in_words(each, facts, language) for each in rules)
        case AnyOf(rules=rules):
            return joined((rule_in_words(each, facts, language) for each in rules), "or")
        case Not(rule=inner):
            return f"not ({rule_in_words(inner, facts, language)})"
        case FactIs():
            return _fact_in_words(rule, facts[rule.fact], language)


def _fact_in_words(rule: FactIs, fact: Fact, language: str) -> str:
    title = fact.title.in_(language)
    titles = {code: text.in_(language) for code, text in fact.choices}
    match rule.value:
        case bool():
            value = "yes" if rule.value else "no"
        case tuple():
            value = joined((titles.get(code, code.replace("-", " ")) for code in rule.value), "or")
        case str():
            value = titles.get(rule.value, rule.value)
        case _:
            value = money(rule.value) if fact.kind is FactKind.MONEY else number(rule.value)
    return f"“{title}” {FACT_WORDS[rule.comparator]} {value}"


def _levels(framework: Framework, language: str) -> Iterator[str]:
    yield "## Levels"
    yield "\n".join(
        f"- **{level.title.in_(language)}**: {percent(level.cut_off)} or more. {level.summary.in_(language)}".rstrip()
        for level in framework.levels
    )


def _scales(framework: Framework, language: str) -> Iterator[str]:
    yield "## Scales"
    for scale in framework.scales.values():
        yield f"**{scale.title.in_(language) or scale.code}**"
        points = [(point.value, point.label.in_(language), point.anchor.in_(language)) for point in scale.points]
        yield "\n".join(f"- {value}: {label}" + (f". {anchor}" if anchor else "") for value, label, anchor in points)
        if scale.not_applicable is NotApplicableRule.WITH_REASON:
            yield "A criterion may be marked as not applicable, with a reason."


def _node(framework: Framework, node: Node, depth: int, language: str) -> list[str]:
    lines = [f"{'#' * min(depth, 6)} {node.code} {node.title.in_(language)}", *node.summary.paragraphs(language)]
    for criterion in node.criteria:
        lines += _criterion(framework, criterion, min(depth + 1, 6), language)
    for child in node.children:
        lines += _node(framework, child, depth + 1, language)
    return lines


def _criterion(framework: Framework, criterion: Criterion, depth: int, language: str) -> Iterator[str]:
    title = criterion.title.in_(language)
    yield f"{'#' * depth} {criterion.code}" + (f" {title}" if title else "")
    yield f"**{criterion.text.in_(language)}**"
    if criterion.why:
        yield f"Why: {criterion.why.in_(language)}"
    yield from criterion.guidance.paragraphs(language)
    yield " ".join(_conditions(framework, criterion, language))
    if criterion.evidence:
        yield "Evidence:"
        yield "\n".join(_evidence(ask, language) for ask in criterion.evidence)
    if criterion.lighter:
        when = rule_in_words(criterion.lighter.when, dict(framework.facts), language)
        titles = [ask.title.in_(language) for ask in criterion.evidence if ask.code in criterion.lighter.evidence]
        yield f"Enough when {when}: {joined(titles) or 'no evidence at all'}."
    if criterion.learn:
        yield "Learn more:"
        yield "\n".join(f"- [{each.title.in_(language)}]({each.url})" for each in criterion.learn)


def _conditions(framework: Framework, criterion: Criterion, language: str) -> Iterator[str]:
    scale = criterion.scale
    yield f"Scored on “{scale.title.in_(language) or scale.code}”, {joined(map(str, scale.values), 'or')}."
    if criterion.level != framework.levels[0].code:
        yield f"Counts from {framework.level(criterion.level).title.in_(language)}."
    if criterion.weight != 1:
        yield f"Weight {number(criterion.weight)}."
    required = [
        f"{point} for {framework.level(code).title.in_(language)}" for code, point in criterion.required.items()
    ]
    if required:
        yield f"Needs at least {joined(required)}."
    if criterion.applies:
        yield f"Asked when {rule_in_words(criterion.applies, dict(framework.facts), language)}."


def _evidence(ask: EvidenceAsk, language: str) -> str:
    more = [f"at least {ask.at_least}"] if ask.at_least > 1 else []
    more += [f"no older than {ask.newest_within}"] if ask.newest_within else []
    return f"- {ask.title.in_(language)} ({', '.join([ask.kind.replace('-', ' '), *more])})"


def _outcome(framework: Framework, language: str) -> Iterator[str]:
    rules = framework.outcome
    yield "## How the outcome is worked out"
    steps = [f"{stage.of.replace('-', ' ')}: {stage.method.replace('-', ' ')}" for stage in rules.stages]
    yield f"Scores are summed up in this order: {'; '.join(steps)}."
    if rules.rounding:
        yield f"The result is rounded ({rules.rounding.mode.replace('-', ' ')}) to {percent(rules.rounding.to)}."
    if rules.limits:
        yield "Limits:"
        titles = {level.code: level.title.in_(language) for level in framework.levels}
        yield "\n".join(
            f"- At most {titles.get(each.at_most or '', 'no award')}: {each.because.in_(language)}"
            for each in rules.limits
        )


def _terms(framework: Framework) -> Iterator[str]:
    award, assessment, panel = framework.award, framework.assessment, framework.panel
    yield "## Award and assessment"
    yield f"An award is valid for {award.valid}" + (
        f", with surveillance every {award.surveillance}." if award.surveillance else "."
    )
    others = {framework.level(code).title: terms for code, terms in award.by_level.items()}
    yield from (f"{title}: valid for {terms.valid}." for title, terms in others.items())
    yield f"Renewal opens {award.renewal_opens} before the end; it may be restored within {award.restore_within} after it."
    blind = ", who do not see each other's scores" if assessment.blind else ""
    yield f"Assessors: {assessment.assessors}{blind}. Nobody assesses whom they worked for in the last {assessment.conflict_bar}."
    yield f"Panel: at least {panel.quorum} members, {panel.lay_members} of them lay."

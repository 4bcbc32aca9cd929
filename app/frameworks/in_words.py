"""What a framework asks, in sentences of one language: what its handbooks and spreadsheets are made from."""

from collections.abc import Iterator
from functools import lru_cache

from app.domain.conditions import AllOf, AnyOf, Comparator, FactIs, Not, Rule
from app.domain.framework import Criterion, EvidenceAsk, Fact, FactKind, Framework, NotApplicableRule, Scale, ScaleKind
from app.domain.wording import FALLBACK, Text, counted, joined, money, number
from app.frameworks.clauses_in_words import criterion_in_words

LANGUAGES = {
    "en": "English",
    "cy": "Welsh",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "sco": "Scots",
    "kw": "Cornish",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
    "ro": "Romanian",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "hu": "Hungarian",
    "cs": "Czech",
    "sk": "Slovak",
    "bg": "Bulgarian",
    "uk": "Ukrainian",
    "ru": "Russian",
    "el": "Greek",
    "tr": "Turkish",
    "ar": "Arabic",
    "he": "Hebrew",
    "ur": "Urdu",
    "pa": "Punjabi",
    "bn": "Bengali",
    "gu": "Gujarati",
    "hi": "Hindi",
    "ta": "Tamil",
    "so": "Somali",
    "fa": "Persian",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "vi": "Vietnamese",
}
FACT_WORDS = {
    Comparator.AT_LEAST: "is at least",
    Comparator.AT_MOST: "is at most",
    Comparator.ABOVE: "is above",
    Comparator.BELOW: "is below",
    Comparator.IS: "is",
    Comparator.INCLUDES: "include",
}


def language_name(code: str) -> str:
    """Welsh for cy; the code itself where it is not known here."""
    return LANGUAGES.get(code, LANGUAGES.get(code.split("-")[0], code))


@lru_cache(maxsize=64)
def languages_of(framework: Framework) -> tuple[str, ...]:
    """The languages that an edition can be read in, the first being the one that is shown where another is missing.

    Those that its file declares; where it declares none, those that any of its main texts is in.
    """
    if framework.clauses.languages:
        return framework.clauses.languages
    texts = [framework.title, framework.summary]
    for node in framework.nodes:
        texts += [node.title, node.summary]
    for criterion in framework.criteria:
        texts += [criterion.title, criterion.text, criterion.guidance]
    for scale in framework.scales.values():
        texts += [point.label for point in scale.points]
    found = dict.fromkeys(language for text in texts for language in text.languages)
    return tuple(sorted(found, key=lambda language: language != FALLBACK))


@lru_cache(maxsize=64)
def languages_to_read(framework: Framework) -> tuple[str, ...]:
    """Those worth offering to a reader: declared, else with at least one criterion in them, since a title alone helps nobody."""
    written = framework.clauses.languages or tuple(
        dict.fromkeys(language for each in framework.criteria for language in each.text.languages)
    )
    return tuple(sorted(written, key=lambda language: language != FALLBACK))


def rule_in_words(rule: Rule, facts: dict[str, Fact], language: str = FALLBACK) -> str:
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


class InWords:
    """A framework as it reads in one language. Counts the texts that it said, and those that it had to say in another."""

    def __init__(self, framework: Framework, language: str = FALLBACK) -> None:
        self.framework, self.language = framework, language
        self._first = languages_of(framework)[0]
        self._facts = dict(framework.facts)
        self._said: dict[Text, bool] = {}

    def say(self, text: Text) -> str:
        """The words in the language, or in English where it has none."""
        if text:
            self._said[text] = self.spoken(text) == self.language
        return text.in_(self.language)

    def spoken(self, text: Text) -> str:
        """The language that `say` says it in."""
        found = dict(text.by_language)
        # A plain text is in the first language of its file, whatever that is.
        plain = self.language == self._first and text.languages == (FALLBACK,)
        if plain or found.get(self.language):
            return self.language
        return FALLBACK if found.get(FALLBACK) else text.languages[0]

    def paragraphs(self, text: Text) -> tuple[str, ...]:
        self.say(text)
        return text.paragraphs(self.language)

    @property
    def missing(self) -> str:
        """A sentence about the texts that are not there in the language; nothing where all are."""
        absent = sum(not found for found in self._said.values())
        if not absent:
            return ""
        name = language_name(self.language)
        if absent == len(self._said):
            return f"The scheme has no texts in {name} yet: they are shown in {language_name(self._first)}."
        verb = "is" if absent == 1 else "are"
        shown = language_name(self._first)
        return f"{counted(absent, 'text')} of {len(self._said):,} {verb} not there in {name} yet and shown in {shown}."

    def trail(self, criterion: Criterion) -> str:
        """The nodes above a criterion: GOV Governance › GOV.1 Trustees lead."""
        return " › ".join(f"{node.code} {self.say(node.title)}" for node in self.framework.node_of(criterion.code))

    def level(self, code: str) -> str:
        return self.say(self.framework.level(code).title)

    def scale_title(self, scale: Scale) -> str:
        return self.say(scale.title) or scale.code.replace("-", " ")

    def points(self, scale: Scale) -> tuple[tuple[str, str, str], ...]:
        """(number, label, anchor) of every point; the number is empty on a scale of words. None for a range."""
        words = scale.kind is ScaleKind.WORDS
        return tuple(
            ("" if words else str(point.value), self.say(point.label), self.say(point.anchor)) for point in scale.points
        )

    def scale_rules(self, scale: Scale) -> Iterator[str]:
        """What else there is to know of a scale, a sentence each."""
        if scale.span:
            steps = f" in steps of {scale.span.step}" if scale.span.step > 1 else ""
            yield f"A whole number from {scale.said(scale.minimum)} to {scale.said(scale.maximum)}{steps}."
        if scale.lower_is_better:
            yield "The lower, the better."
        if scale.kind is ScaleKind.WORDS:
            yield "A judgement in words, which is not added up."
        if scale.not_applicable is NotApplicableRule.WITH_REASON:
            yield "It may be marked as not applicable, with a reason."

    def rule(self, rule: Rule) -> str:
        """A rule about facts as part of a sentence."""
        return rule_in_words(rule, self._facts, self.language)

    def asked(self, criterion: Criterion) -> str:
        """Who is asked."""
        if criterion.applies is None:
            return "Asked of everyone."
        return f"Asked when {rule_in_words(criterion.applies, self._facts, self.language)}."

    def counts(self, criterion: Criterion) -> Iterator[str]:
        """From where it counts, how much, what it must reach, who answers it, and what answers it instead."""
        framework = self.framework
        if framework.levels and criterion.level != framework.levels[0].code:
            yield f"Counts from {self.level(criterion.level)}."
        if criterion.weight != 1:
            yield "Counts twice." if criterion.weight == 2 else f"Counts {number(criterion.weight)} times."
        needed = self.required(criterion)
        if needed:
            yield f"Must reach {needed}."
        yield from criterion_in_words(self, criterion)

    def required(self, criterion: Criterion) -> str:
        """What must be reached: 2 In place or better for Bronze and above. A level that asks no more is not named."""
        steps: list[tuple[str, str]] = []
        for level in self.framework.levels:
            needed = criterion.required.get(level.code)
            point = None if needed is None else self.point(criterion.scale, needed)
            if point and (not steps or steps[-1][0] != point):
                steps.append((point, self.say(level.title)))
        last = self.framework.levels[-1].title.in_(self.language) if steps else ""
        return joined(
            f"{point} or better for {level}" + ("" if level == last or later else " and above")
            for (point, level), later in zip(steps, [*(True for _ in steps[1:]), False], strict=False)
        )

    def point(self, scale: Scale, value: int) -> str:
        """A point as one reads it out: 2 In place, 45%, or Met."""
        label = self.say(scale.point(value).label)
        return label if scale.span or scale.kind is ScaleKind.WORDS else f"{value} {label}"

    def evidence(self, ask: EvidenceAsk) -> str:
        more = [f"at least {ask.at_least}"] if ask.at_least > 1 else []
        more += [f"no older than {ask.newest_within}"] if ask.newest_within else []
        return f"{self.say(ask.title)} ({', '.join([ask.kind.replace('-', ' '), *more])})"

    def lighter(self, criterion: Criterion) -> str:
        """Who owes less evidence, and what is then enough; nothing where all owe the same."""
        if criterion.lighter is None:
            return ""
        when = rule_in_words(criterion.lighter.when, self._facts, self.language)
        enough = [self.say(ask.title) for ask in criterion.evidence if ask.code in criterion.lighter.evidence]
        return f"When {when}, this is enough: {joined(enough) or 'no evidence at all'}."

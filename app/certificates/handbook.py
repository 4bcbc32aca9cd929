"""A framework as a handbook to print and prepare from: everything that a provider will be asked, with room to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.certificates.blocks import (
    ASKED,
    BODY,
    CHAPTER,
    CHOICE,
    CLOSE,
    CRITERION,
    LABEL,
    SECTION,
    SMALL,
    SUBTITLE,
    TITLE,
    Block,
    Booklet,
    Look,
)
from app.domain.framework import Criterion, Fact, FactKind, Framework, Node, Scale
from app.domain.profile import asked_of_providers
from app.domain.wording import FALLBACK, Text, counted, joined
from app.frameworks.in_words import InWords, language_name
from app.frameworks.outcome_in_words import level_rules, outcome_in_words
from app.frameworks.terms_in_words import terms_in_words

BULLET = "•"
NOTE_LINES = 4
MOST_LISTED = 250
"""Where there are more criteria than this, the contents list the parts that hold them and not each of them."""
OWN = "en-GB"
"""The language of the words around the scheme's own."""
ANSWERS = {
    FactKind.MONEY: "An amount in pounds.",
    FactKind.COUNT: "A number.",
    FactKind.YES_NO: "Yes or no.",
    FactKind.CODES: "Any of a list.",
}
HOW_TO = (
    "This handbook holds everything that you will be asked, so that you can prepare away from the screen and with others. "
    "Nothing in it has to be sent in.",
    "Each criterion says what is asked, why, who is asked, which answers there are and what they mean, and which "
    "evidence is asked for. Tick the answer that fits, and write down how you know.",
    "Then answer online, or in the spreadsheet that can be downloaded from your application and brought back.",
)


@dataclass(frozen=True)
class HandbookFacts:
    """What a handbook is made from. `sha256` is that of the edition's source; `awarding_body` may be empty."""

    framework: Framework
    language: str = FALLBACK
    sha256: str = ""
    awarding_body: str = ""
    colour: str = "#4b2142"


def handbook_pdf(facts: HandbookFacts, font_dir: Path) -> bytes:
    """The handbook as a PDF. The same facts give the same bytes.

    Raises Unprintable where the typefaces lack the language's letters, FileNotFoundError where the fonts are missing.
    """
    from app.certificates.press import printed

    return printed(booklet(facts), font_dir)


def booklet(facts: HandbookFacts) -> Booklet:
    """The handbook's contents, before it is printed."""
    return _Handbook(facts).booklet()


class _Handbook:
    def __init__(self, facts: HandbookFacts) -> None:
        self.facts, self.framework = facts, facts.framework
        self.words = InWords(facts.framework, facts.language)
        self.listed = len(facts.framework.criteria) <= MOST_LISTED

    def booklet(self) -> Booklet:
        framework = self.framework
        blocks = (
            *self._about(),
            *self._organisation(),
            *(block for root in framework.roots for block in self._node(root, 0)),
            *self._outcome(),
        )
        title = self.words.say(framework.title)
        return Booklet(
            title=f"{title} {framework.edition}: handbook",
            subject=f"Everything that {title}, edition {framework.edition}, asks",
            author=self.facts.awarding_body or title,
            language=OWN if self.facts.language == FALLBACK else self.facts.language,
            foot=f"{title} {framework.edition}" + (f" · {self.facts.sha256[:12]}" if self.facts.sha256 else ""),
            colour=self.facts.colour,
            front=tuple(self._front()),  # last, when it is known which texts are missing
            blocks=blocks,
        )

    def _said(self, text: Text, look: Look = BODY, **more: object) -> Iterator[Block]:
        """A text of the scheme's, a block for each paragraph."""
        spoken = self.words.spoken(text)
        language = "" if spoken == self.facts.language else spoken
        for paragraph in self.words.paragraphs(text):
            yield Block(paragraph, look, language=language, **more)  # type: ignore[arg-type]

    def _own(self, text: str, look: Look = BODY, **more: object) -> Block:
        """Words of ours around the scheme's."""
        language = "" if self.facts.language == FALLBACK else OWN
        return Block(text, look, language=language, **more)  # type: ignore[arg-type]

    def _front(self) -> Iterator[Block]:
        framework = self.framework
        if self.facts.awarding_body:
            yield Block(self.facts.awarding_body, SUBTITLE)
        yield from self._said(framework.title, TITLE, tag="H1")
        yield self._own(f"Handbook for providers, edition {framework.edition}", SUBTITLE)
        yield self._own(f"In {language_name(self.facts.language)}", BODY)
        number = counted(len(framework.criteria), "criterion", "criteria")
        yield self._own(f"{number} in {counted(len(framework.roots), 'part')}.", BODY)
        for sentence in self._remarks():
            yield self._own(sentence, SMALL)
        if self.facts.sha256:
            yield self._own("This edition never changes. Its file is known by this fingerprint (SHA-256):", SMALL)
            yield Block(self.facts.sha256, SMALL)

    def _remarks(self) -> Iterator[str]:
        if self.words.missing:
            yield self.words.missing
        if self.facts.language != FALLBACK:
            yield "The words around the scheme's own, such as headings and rules, are in English."

    def _chapter(self, title: str, key: str) -> Block:
        return self._own(title, CHAPTER, tag="H2", key=key, level=0, listed=True, keep=True, new_page=True)

    def _about(self) -> Iterator[Block]:
        yield self._chapter("How to use this handbook", "about")
        yield from (self._own(each, BODY) for each in HOW_TO)
        if self.framework.summary:
            yield self._own("About the scheme", SECTION, tag="H3", keep=True)
            yield from self._said(self.framework.summary)
        if self.framework.levels:
            yield self._own("What can be awarded", SECTION, tag="H3", keep=True)
        for level in self.framework.levels:
            yield from self._said(level.title, ASKED, tag="H4", keep=True)
            yield from self._said(level.summary, CLOSE)
            yield self._own(f"{level_rules(self.words, level)}.", CLOSE)
        if self.framework.scales:
            yield self._own("The answers", SECTION, tag="H3", keep=True)
        yield from self._answers()

    def _organisation(self) -> Iterator[Block]:
        facts = asked_of_providers(self.framework)
        if not facts:
            return
        yield self._chapter("What you are asked about your organisation", "organisation")
        yield self._own("The answers decide which criteria are put to you, and how much evidence is enough.")
        for fact in facts:
            yield from self._said(fact.title, ASKED, tag="H3", keep=True)
            yield from self._said(fact.help, CLOSE)
            yield self._own(self._kind(fact), CLOSE, keep=True)
            yield Block("", rules=1, tag="P")

    def _kind(self, fact: Fact) -> str:
        if fact.choices:
            choices = joined((self.words.say(title) for _, title in fact.choices), "or")
            return f"{'One' if fact.kind is FactKind.CHOICE else 'Any'} of: {choices}."
        return ANSWERS.get(fact.kind, "One of a list.")

    def _answers(self) -> Iterator[Block]:
        for scale in self.framework.scales.values():
            yield Block(self.words.scale_title(scale), ASKED, tag="H4", keep=True)
            points = (block for block in self._points(scale) if not block.rules)
            yield from (replace(block, tick=False, mark=BULLET if block.tick else "") for block in points)

    def _points(self, scale: Scale) -> Iterator[Block]:
        """The points of a scale, each with a box to tick."""
        language = (
            ""
            if self.facts.language == FALLBACK
            else self.words.spoken(scale.points[0].label if scale.points else scale.title)
        )
        for value, label, anchor in self.words.points(scale):
            name = " ".join(part for part in (value, label) if part)
            text = f"{name}. {anchor}" if anchor else name
            yield Block(text, CHOICE, tag="LI", tick=True, language="" if language == self.facts.language else language)
        for sentence in self.words.scale_rules(scale):
            yield self._own(sentence, SMALL)
        if scale.span:
            yield Block("", rules=1)

    def _node(self, node: Node, depth: int) -> Iterator[Block]:
        if not node.all_criteria:
            return
        look, tag = (CHAPTER, "H2") if depth == 0 else (SECTION, f"H{min(depth + 2, 6)}")
        title = Text(tuple((language, f"{node.code} {words}") for language, words in node.title.by_language))
        place = {"key": f"node {node.code}", "level": depth, "listed": True, "keep": True, "new_page": depth == 0}
        yield from self._said(title, look, tag=tag, **place)
        yield from self._said(node.summary)
        for criterion in node.criteria:
            yield from self._criterion(criterion, depth + 1)
        for child in node.children:
            yield from self._node(child, depth + 1)

    def _criterion(self, criterion: Criterion, depth: int) -> Iterator[Block]:
        heading = f"{criterion.code} {self.words.say(criterion.title)}".rstrip()
        place = {"key": f"criterion {criterion.code}", "level": depth, "listed": self.listed, "keep": True}
        yield Block(heading, CRITERION, tag=f"H{min(depth + 2, 6)}", **place)  # type: ignore[arg-type]
        yield from self._said(criterion.text, ASKED)
        yield self._own(" ".join([self.words.asked(criterion), *self.words.counts(criterion)]), SMALL)
        yield from self._labelled("Why it matters", self._said(criterion.why))
        yield from self._labelled("Guidance", self._said(criterion.guidance))
        prompts = (block for each in criterion.prompts for block in self._said(each, CLOSE, tag="LI", mark=BULLET))
        yield from self._labelled("What to look for", prompts)
        yield from self._labelled(self.words.scale_title(criterion.scale), self._points(criterion.scale))
        yield from self._labelled("Evidence asked for", self._evidence(criterion))
        learn = (
            Block(f"{self.words.say(each.title)}: {each.url}", CLOSE, "LI", mark=BULLET, url=each.url)
            for each in criterion.learn
        )
        yield from self._labelled("Learn more", learn)
        yield self._own("Your notes", LABEL, keep=True)
        yield Block("", rules=NOTE_LINES)

    def _evidence(self, criterion: Criterion) -> Iterator[Block]:
        for ask in criterion.evidence:
            yield Block(self.words.evidence(ask), CLOSE, tag="LI", tick=True)
        lighter = self.words.lighter(criterion)
        if lighter:
            yield self._own(lighter, SMALL)

    def _labelled(self, label: str, blocks: Iterable[Block]) -> Iterator[Block]:
        """A label, and what it stands for; nothing where there is nothing."""
        for place, block in enumerate(blocks):
            if not place:
                yield self._own(label, LABEL, keep=True)
            yield block

    def _outcome(self) -> Iterator[Block]:
        yield self._chapter("How the outcome is worked out", "outcome")
        yield from (self._own(sentence, CLOSE, tag="LI", mark=BULLET) for sentence in outcome_in_words(self.words))
        yield self._own("Award and assessment", SECTION, tag="H3", keep=True)
        yield from (self._own(sentence, CLOSE, tag="LI", mark=BULLET) for sentence in terms_in_words(self.words))

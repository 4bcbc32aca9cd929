"""A framework of any size, from a seed: the same text for the same numbers. What it says means nothing; its shape is real."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

WORDS = (
    "people trustees staff volunteers families carers visits meetings records minutes policies training support safety "
    "feedback complaints risks plans money reports partners services respect choice dignity recovery learning review "
    "yearly monthly written agreed known shared checked kept shown asked told heard answered followed improved"
).split()
SCALES = ("fulfilment", "yes-no", "quarters")
PER_TOPIC, TOPICS, STANDARDS = 5, 5, 6  # criteria in a topic, topics in a standard, standards in an area
PER_AREA = PER_TOPIC * TOPICS * STANDARDS

HEAD = """\
framework: {code}
edition: "{edition}"
title: {{en: Large Mark of {criteria} criteria, cy: Marc Mawr}}
summary: For measuring. It is as large as the largest published frameworks.
names: {{tree: [area, standard, topic, criterion]}}
scales:
  fulfilment:
    title: How far it is in place
    points:
      0: {{label: Not in place, anchor: Nothing of it is there yet.}}
      1: {{label: Started, anchor: Some of it is done for some people.}}
      2: {{label: In place, anchor: It is done for everyone whom it concerns.}}
      3: {{label: Embedded, anchor: It is reviewed and gets better.}}
    not_applicable: with-reason
  yes-no: {{points: {{0: No, 1: Yes}}}}
  quarters: {{points: {{0: Nothing, 5: A quarter, 10: Half, 15: Three quarters, 20: All}}, not_applicable: with-reason}}
facts:
  staff: {{kind: count, title: Paid staff}}
  income: {{kind: money, title: Income in the last year}}
  visits: {{kind: yes-no, title: Do you visit people at home?}}
levels:
  - {{code: bronze, title: Bronze}}
  - {{code: silver, title: Silver}}
  - {{code: gold, title: Gold}}
areas:
"""
FOOT = """\
outcome:
  of: criterion -> topic -> standard -> area -> whole
  score: {topic: share-of-maximum, standard: mean, area: mean, whole: mean}
  rounding: {mode: half-up, to: 1%}
  bands: [{from: 0%, is: not-yet}, {from: 50%, is: bronze}, {from: 70%, is: silver}, {from: 90%, is: gold}]
  limits:
    - when: {any: {criterion: {in: A1, score: {at_most: 0}}}}
      at_most: silver
      because: Something in the first area is not in place at all.
"""


def source(criteria: int, *, seed: int = 1, words: int = 40, code: str = "large-mark", edition: str = "2026") -> str:
    """The YAML of a framework of that many criteria, below areas, standards and topics. `words` is the length of its guidance."""
    random = Random(seed)
    head = HEAD.format(code=code, edition=edition, criteria=criteria)
    return head + "".join(_areas(criteria, random, words)) + FOOT


def nodes(criteria: int) -> int:
    """How many nodes and criteria a framework of that many criteria has."""
    steps = (1, PER_TOPIC, PER_TOPIC * TOPICS, PER_AREA)
    return sum(-(-criteria // step) for step in steps)


def _areas(criteria: int, random: Random, words: int) -> Iterator[str]:
    for number in range(criteria):
        area, inside = divmod(number, PER_AREA)
        standard, below = divmod(inside, PER_TOPIC * TOPICS)
        topic, place = divmod(below, PER_TOPIC)
        codes = f"A{area + 1}", f"A{area + 1}.{standard + 1}", f"A{area + 1}.{standard + 1}.{topic + 1}"
        if not inside:
            yield from _node(2, codes[0], "standards", random)
        if not below:
            yield from _node(6, codes[1], "topics", random)
        if not place:
            yield from _node(10, codes[2], "criteria", random)
        yield _criterion(f"{codes[2]}.{place + 1}", number, random, words)


def _node(indent: int, code: str, below: str, random: Random) -> Iterator[str]:
    space = " " * indent
    yield f"{space}- code: {code}\n{space}  title: {_sentence(random, 4)}\n"
    yield f"{space}  summary: {_sentence(random, 14)}.\n{space}  {below}:\n"


def _sentence(random: Random, count: int) -> str:
    return " ".join(random.choices(WORDS, k=count)).capitalize()


def _criterion(code: str, number: int, random: Random, words: int) -> str:
    space = " " * 16
    scale = SCALES[number % len(SCALES)] if number else SCALES[0]
    lines = [
        f"title: {_sentence(random, 4)}",
        f"text: {_sentence(random, 12)}.",
        f"why: {_sentence(random, 10)}.",
        f"guidance: {_sentence(random, words)}.",
        f"scale: {scale}",
        *_now_and_then(number, random),
    ]
    return f"{' ' * 14}- code: {code}\n" + "".join(f"{space}{line}\n" for line in lines)


def _now_and_then(number: int, random: Random) -> Iterator[str]:
    """What only some criteria have."""
    if number % 2 == 0:
        yield f"evidence: [{{kind: document, code: d, title: {_sentence(random, 5)}, newest_within: 12 months}}]"
    if number % 5 == 1:
        yield f"level: {('silver', 'gold')[number % 2]}"
    if number % 7 == 0:
        yield "applies: {any: [{staff: {at_least: 1}}, {visits: true}]}"
    if number % 11 == 0 and SCALES[number % len(SCALES)] == "fulfilment":
        yield "required: 1" if number % 5 != 1 else f"required: {{{('silver', 'gold')[number % 2]}: 1}}"
    if number % 3 == 0:
        yield f'learn: [{{title: {_sentence(random, 3)}, url: "https://www.example.org/{number}"}}]'
    if number % 4 == 0:
        yield f'maps_to: ["cqc-local-authorities:Q{number % 9 + 1}"]'

"""A framework that uses much of the format, and editions of it that differ in one thing or several."""

from app.domain.framework import Framework
from app.frameworks import read

BEFORE = """\
framework: good-neighbours
edition: "2026"
title: {en: Good Neighbours Mark, cy: Marc Cymdogion Da}
summary: For small groups that help people at home.
names: {tree: [area, standard, criterion]}
scales:
  fulfilment:
    title: How far it is in place
    points:
      0: Not in place
      1: Started
      2: {label: In place, anchor: It is done every time.}
      3: {label: Embedded, anchor: It is reviewed at least yearly.}
    not_applicable: with-reason
  yes-no:
    points: {0: No, 1: Yes}
facts:
  income: {kind: money, title: Income in the last year}
  staff: {kind: count, title: Paid staff}
  breach: {kind: yes-no, title: A breach of regulations is open}
levels:
  - {code: bronze, title: Bronze}
  - {code: silver, title: Silver}
  - {code: gold, title: Gold, summary: For groups that others learn from.}
areas:
  - code: GOV
    title: Governance
    summary: Who leads, and how.
    weight: 2
    standards:
      - code: GOV.1
        title: Trustees lead the organisation
        criteria:
          - code: GOV.1.1
            title: Trustees' meetings
            text: Trustees meet at least four times a year and keep minutes.
            why: Decisions that nobody wrote down cannot be followed.
            guidance: Keep minutes signed by the chair.
            scale: fulfilment
            required: 2
            weight: 2
            evidence:
              - {kind: document, code: minutes, title: Minutes of the last four meetings, newest_within: 12 months}
              - {kind: document, code: calendar, title: The calendar of meetings}
            lighter: {when: {income: {below: 50000}}, evidence: [minutes]}
            learn: [{title: Running good meetings, url: "https://www.example.org/meetings"}]
            maps_to: ["cqc-local-authorities:GOV"]
          - code: GOV.1.2
            text: Trustees review their own work every year.
            scale: fulfilment
            level: silver
            required: {silver: 1, gold: 2}
      - code: GOV.2
        title: People
        criteria:
          - code: GOV.2.1
            text: Every member of staff has a written contract.
            scale: yes-no
            applies: {staff: {at_least: 1}}
            passports: [{scheme: trusted-standard, level: level-1}]
  - code: CARE
    title: Care
    standards:
      - code: CARE.1
        title: People who use the service
        criteria:
          - code: CARE.1.1
            text: People say that the service treats them with respect.
            scale: fulfilment
          - code: CARE.1.2
            text: The service acts on what it learns.
            scale: fulfilment
            level: gold
outcome:
  of: criterion -> standard -> area -> whole
  score: {standard: share-of-maximum, area: mean, whole: mean}
  rounding: {mode: half-up, to: 1%}
  bands:
    - {from: 0%, is: not-yet, title: Not yet}
    - {from: 60%, is: bronze}
    - {from: 75%, is: silver}
    - {from: 90%, is: gold}
  limits:
    - when: {any: {criterion: {in: GOV, score: {at_most: 0}}}}
      at_most: bronze
      because: Something in governance is not in place at all.
    - when: {fact: {breach: true}}
      at_most: not-yet
      because: A breach of regulations is open.
award:
  valid: 3 years
  surveillance: 12 months
  by_level: {gold: {valid: 4 years}}
assessment: {assessors: 2, blind: true, conflict_bar: 2 years, agreement_floor: 0.6}
panel: {quorum: 3, lay_members: 1}
"""


def edition(*changes: tuple[str, str], source: str = BEFORE) -> Framework:
    """The framework with each (words, other words) changed in its text. Fails where the words do not stand there once."""
    return read(source_with(*changes, source=source), "edition.yaml")


def source_with(*changes: tuple[str, str], source: str = BEFORE) -> str:
    for words, others in changes:
        assert source.count(words) == 1, f"{words!r} stands there {source.count(words)} times"
        source = source.replace(words, others)
    return source

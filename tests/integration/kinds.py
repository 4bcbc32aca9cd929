"""Small frameworks that judge in ways unlike one another, each with what is answered, scored and then told."""

from __future__ import annotations

from dataclasses import dataclass, field

HEAD = """\
framework: {code}
edition: "2026"
title: {title}
names: {{tree: [standard, criterion]}}
"""
TERMS = "assessment: {assessors: 1}\npanel: {quorum: 2, lay_members: 0}\n"
LEVELS = "levels: [{code: bronze, title: Bronze}, {code: silver, title: Silver}]\n"


@dataclass(frozen=True)
class Kind:
    """One framework. `answers` and `scores` map criteria to what is chosen in the form; `told` is in every explanation.

    `level` is the code that the scores give, None for no award, and `level_title` what it is called. `labels` are all the
    words that a claim or a score may be shown as. `facts` are
    of the profile, `established` those that the scheme enters. `shares` says whether anything is a share.
    """

    code: str
    title: str
    source: str
    answers: dict[str, str]
    scores: dict[str, str]
    labels: tuple[str, ...]
    told: tuple[str, ...]
    lift: str
    level: str | None = "bronze"
    facts: dict[str, object] = field(default_factory=dict)
    established: dict[str, str] = field(default_factory=dict)
    shares: bool = True
    published: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return HEAD.format(code=self.code, title=self.title) + self.source + TERMS


JUDGED = Kind(
    code="judged",
    title="Judged in words",
    source="""\
scales:
  judgement: {words: {not-met: Not met, nearly: Nearly met, met: Met}, not_applicable: with-reason, not_rated: with-reason}
"""
    + LEVELS
    + """
standards:
  - code: LEAD
    title: Leadership
    criteria:
      - {code: LEAD.1, title: The board leads, text: The board sets the direction., scale: judgement, prompts: [Minutes of the board, What staff say], required: nearly}
      - {code: LEAD.2, title: The board listens, text: The board hears people., scale: judgement}
  - code: CARE
    title: Care
    criteria:
      - {code: CARE.1, title: Plans, text: Everyone has a plan., scale: judgement}
      - {code: CARE.2, title: Reviews, text: Plans are reviewed., scale: judgement}
      - {code: CARE.3, title: Night care, text: There is care at night., scale: judgement}
outcome:
  of: criterion -> standard -> whole
  rate:
    standard:
      table:
        - {is: silver, when: {all: {criterion: {score: {at_least: met}}}}}
        - {is: bronze, when: {all: {criterion: {score: {at_least: nearly}}}}}
        - {otherwise: not-yet}
  table:
    - {is: silver, when: {all: {standard: {rating: {at_least: silver}}}}}
    - {is: bronze, when: {all: {standard: {rating: {at_least: bronze}}}}}
    - {otherwise: not-yet, title: Needs work}
""",
    answers={"LEAD.1": "2", "LEAD.2": "2", "CARE.1": "2", "CARE.2": "1", "CARE.3": "na"},
    scores={"LEAD.1": "2", "LEAD.2": "1", "CARE.1": "2", "CARE.2": "nr", "CARE.3": "na"},
    labels=("Not met", "Nearly met", "Met", "Not applicable", "Not rated"),
    told=(
        "The outcome is Bronze.",
        "Bronze is reached: every standard at Bronze or above.",
        "Silver is not reached. The rules give Bronze: every standard at Bronze or above.",
        "CARE.2 could not be rated and does not count.",
        "Leadership",
        "1 Met, 1 Nearly met. Rated Bronze: every criterion at Nearly met or above.",
    ),
    lift="Silver needs “Met” in LEAD.2.",
    shares=False,
    published=("Nearly met", "Minutes of the board"),
)

POINTS = Kind(
    code="points",
    title="Points of a sum",
    source="""\
scales:
  odd: {points: {0: Nothing, 5: A little, 10: Much, 25: All of it}, not_applicable: with-reason}
"""
    + LEVELS
    + """
standards:
  - code: A
    title: First
    criteria:
      - {code: A1, title: One, text: The first thing., scale: odd}
      - {code: A2, title: Two, text: The second thing., scale: odd, required: {silver: 10}}
  - code: B
    title: Second
    criteria:
      - {code: B1, title: Three, text: The third thing., scale: odd}
outcome:
  of: criterion -> whole
  score: sum
  bands: [{from: 0 points, is: not-yet}, {from: 30 points, is: bronze}, {from: 60 points, is: silver}]
  limits:
    - when: {all: [{points: {below: 70}}, {any: {criterion: {score: {at_most: 5}}}}]}
      at_most: bronze
      because: The sum is below 70 and something is hardly there.
""",
    answers={"A1": "25", "A2": "10", "B1": "25"},
    scores={"A1": "25", "A2": "5", "B1": "10"},
    labels=("0 Nothing", "5 A little", "10 Much", "25 All of it"),
    told=(
        "The outcome is Bronze, with 40 points in all.",
        "Bronze is reached: 40 points over 3 criteria, and it needs 30 points.",
        "Silver needs 60 points, and the sum over 3 criteria is 40 points.",
        "Silver needs 10 in A2 “Two”, which has 5.",
        "Would also hold it down: The sum is below 70 and something is hardly there.",
        "30 of 50 points",
    ),
    lift="Silver needs 25 in A2.",
    shares=False,
    published=("A little",),
)

RANGES = Kind(
    code="ranges",
    title="Ranges and risks",
    source="""\
scales:
  uptake: {range: {from: 0, to: 100, unit: "%"}, not_rated: with-reason}
  risk: {better: lower, points: {1: Low, 2: Medium, 3: High}, not_applicable: with-reason}
facts:
  breach: {kind: yes-no, title: A breach is open}
  homes: {kind: codes, title: Kinds of home, choices: {care: Care homes, own: Own homes}}
"""
    + LEVELS
    + """
standards:
  - code: A
    title: Uptake
    criteria:
      - {code: A1, title: Training, text: Share of staff trained., scale: uptake, required: {bronze: 40, silver: 70}}
      - {code: A2, title: Feedback, text: Share of people asked., scale: uptake}
  - code: B
    title: Risk
    criteria:
      - {code: B1, title: Fire, text: How great is the risk of fire?, scale: risk, required: {silver: 1}}
      - {code: B2, title: Water, text: How great is the risk of water?, scale: risk, applies: {homes: {includes: [care]}}}
outcome:
  of: criterion -> standard -> whole
  score: mean
  bands: [{from: 0%, is: not-yet}, {from: 50%, is: bronze}, {from: 75%, is: silver}]
  limits:
    - {when: {fact: {breach: true}}, at_most: bronze, because: A breach is open.}
""",
    answers={"A1": "72", "A2": "40", "B1": "1", "B2": "na"},
    scores={"A1": "65", "A2": "nr", "B1": "2", "B2": "na"},
    labels=("72%", "65%", "40%", "1 Low", "2 Medium", "3 High", "Not applicable", "Not rated"),
    told=(
        "The outcome is Bronze, with 65.83% in all.",
        "Silver needs 75%, and the share over 2 criteria is 65.83%.",
        "Silver needs 70% in A1 “Training”, which has 65%.",
        "Silver needs 1 in B1 “Fire”, which has 2.",
        "Would also hold it down: A breach is open.",
        "A2 could not be rated and does not count.",
    ),
    lift="No score can reach Silver while this holds: A breach is open.",
    facts={"homes": ["care", "own"]},
    established={"fact_breach": "yes"},
    published=("Medium",),
)

RATED = Kind(
    code="rated",
    title="Ratings of parts",
    source="""\
scales:
  steps: {points: {0: Not in place, 1: Started, 2: In place, 3: Embedded}, not_applicable: with-reason}
"""
    + LEVELS
    + """
standards:
  - code: A
    title: First
    criteria:
      - {code: A1, title: One, text: The first thing., scale: steps}
      - {code: A2, title: Two, text: The second thing., scale: steps}
      - {code: A3, title: Three, text: The third thing., scale: steps}
  - code: B
    title: Second
    criteria: [{code: B1, title: Four, text: The fourth thing., scale: steps}]
  - code: C
    title: Third
    criteria: [{code: C1, title: Five, text: The fifth thing., scale: steps}]
outcome:
  of: criterion -> standard -> whole
  score: share-of-maximum
  rate:
    standard:
      bands: [{from: 0%, is: not-yet}, {from: 50%, is: bronze}, {from: 66%, is: silver}]
      limits:
        - {when: {lowest: {at_most: 0%}}, at_most: bronze, because: One of its criteria is not in place.}
  by: best-fit
""",
    answers={"A1": "3", "A2": "3", "A3": "1", "B1": "3", "C1": "3"},
    scores={"A1": "3", "A2": "3", "A3": "0", "B1": "2", "C1": "1"},
    labels=("0 Not in place", "1 Started", "2 In place", "3 Embedded"),
    told=(
        "The outcome is Bronze",
        "Bronze is reached: the rating that fits its parts best is Bronze.",
        "Silver is not reached. The rules give Bronze: the rating that fits its parts best is Bronze.",
        "Bronze, 66.66%",
        "6 of 9 points. Held down: One of its criteria is not in place.",
        "Silver, 66.66%",
    ),
    lift="Silver needs",
    published=("Embedded",),
)

FOUND = Kind(
    code="found",
    title="All of it and findings",
    source="""\
scales:
  yes: {points: {0: No, 1: Partly, 2: Fully}, met_from: 2, not_applicable: with-reason}
"""
    + LEVELS
    + """
standards:
  - code: A
    title: First
    criteria:
      - {code: A1, title: One, text: The first thing., scale: yes}
      - {code: A2, title: Two, text: The second thing., scale: yes, level: silver}
  - code: B
    title: Second
    criteria:
      - {code: B1, title: Three, text: The third thing., scale: yes}
findings:
  grades:
    - {code: minor, title: Minor finding, put_right_within: 3 months, holds_at: bronze}
    - {code: major, title: Major finding, put_right_within: 1 month, holds_at: no-award}
  from_scores: {yes: {major: 0, minor: 1}}
outcome:
  of: criterion -> whole
  score: all-of
  needs: 100%
  no_award: Not yet
""",
    answers={"A1": "2", "A2": "2", "B1": "2"},
    scores={"A1": "2", "A2": "2", "B1": "0"},
    labels=("0 No", "1 Partly", "2 Fully"),
    told=(
        "No level is reached (Not yet), with 2 of 3 met in all.",
        "Bronze needs everything met, and 1 of 2 is met.",
        "Would also hold it down: Major finding in B1: it has 0. While this is open, no award is possible.",
        "0 of 1 met",
    ),
    lift="Bronze needs 2 in B1.",
    level=None,
    shares=False,
    published=("Partly",),
)

KINDS = (JUDGED, POINTS, RANGES, RATED, FOUND)

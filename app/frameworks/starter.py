"""A small framework without mistakes, for somebody who starts with nothing: each part says what it is for."""

STARTER = """\
# A first edition to write on. It has no mistakes as it stands, so you can try it at once and change one thing at a time.
# A line that begins with # is a note to yourself. Nobody who is assessed sees it.
framework: {code}
edition: "{edition}"
title: {title}
summary: |
  Say in a few sentences who this is for and what it shows.

# What the parts are called: here areas hold standards, and standards hold criteria.
names: {{tree: [area, standard, criterion]}}

# How a criterion is scored. Say beside each point what an assessor has to see.
scales:
  fulfilment:
    points:
      0: {{label: Not in place, anchor: Nothing is in place yet.}}
      1: {{label: Started, anchor: "Some of it is done, or it depends on one person."}}
      2: {{label: In place, anchor: It is done as the criterion says and evidence shows it.}}
    not_applicable: with-reason

# What can be awarded, lowest first.
levels:
  - {{code: accredited, title: Accredited}}

areas:
  - code: GOV
    title: Governance
    standards:
      - code: GOV.1
        title: The organisation is well led
        criteria:
          - code: GOV.1.1
            title: Trustees meet
            text: Trustees meet at least four times a year and keep minutes.
            why: Decisions need a record.
            scale: fulfilment
            required: 1
            evidence: [{{kind: document, code: minutes, title: Minutes of the last four meetings}}]
          - code: GOV.1.2
            title: Trustees know their duties
            text: New trustees are told their duties when they start.
            scale: fulfilment

# How scores become an outcome.
outcome:
  of: standard -> area -> whole
  score: {{standard: share-of-maximum, area: mean, whole: mean}}
  bands: [{{from: 0%, is: not-yet}}, {{from: 60%, is: accredited}}]

award: {{valid: 3 years, surveillance: 12 months, renewal_opens: 6 months, restore_within: 6 months}}
assessment: {{assessors: 1, conflict_bar: 2 years}}
panel: {{quorum: 2, lay_members: 1}}
"""
LONGEST_CODE = 40


def starter(code: str, title: str, edition: str) -> str:
    """The text of a first edition. `code` is cut to what a framework's may have, and `title` may hold any sign."""
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return STARTER.format(code=code[:LONGEST_CODE].rstrip("-._"), title=quoted, edition=edition)

"""The small framework with findings of three grades, for tests of findings."""

from tests.factories import SMALL_FRAMEWORK

WITH_FINDINGS = SMALL_FRAMEWORK.replace(
    "outcome:\n",
    """\
findings:
  grades:
    - {code: note, title: Note}
    - {code: minor, title: Minor finding, put_right_within: 6 months, holds_at: bronze, overdue: suspend}
    - {code: major, title: Major finding, put_right_within: 3 months, holds_at: not-yet, overdue: withdraw}
  from_scores:
    fulfilment: {major: 0, minor: 1}
  escalation:
    - {at_least: 2, of: minor, in_one: area, become: major}
outcome:
""",
)

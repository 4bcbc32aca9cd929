"""What a message is about: so that each person chooses what comes at once, what once a day, and what not at all."""

from enum import StrEnum


class Topic(StrEnum):
    """The subject of a message to somebody with an account."""

    REQUESTS = "requests"  # an assessor asks for more
    DECISIONS = "decisions"  # of a panel, and what becomes of an award
    CASES = "cases"  # work on a case, for those who assess, decide and manage
    COLLEAGUES = "colleagues"  # comments, criteria handed over
    EVIDENCE = "evidence"  # what runs out or cannot be reached
    PLAN = "plan"
    PASSPORTS = "passports"
    FEEDBACK = "feedback"
    SHARING = "sharing"  # advisers, sites, members, packs
    PEOPLE = "people"
    SECURITY = "security"
    SAFEGUARDING = "safeguarding"


AT_ONCE = frozenset(
    {
        Topic.REQUESTS,
        Topic.DECISIONS,
        Topic.PEOPLE,
        Topic.SECURITY,
        Topic.SAFEGUARDING,
    }
)
"""What comes at once unless the person chooses the day's e-mail for it; the rest waits for that."""

ALWAYS_AT_ONCE = frozenset({Topic.SECURITY, Topic.SAFEGUARDING})
"""What nobody can put off or turn off."""

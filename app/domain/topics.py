"""What a message is about: so that each person chooses what comes at once, what once a day, and what not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
    REGISTER = "register"  # what the register says in an organisation's own words
    PEOPLE = "people"
    SECURITY = "security"
    SAFEGUARDING = "safeguarding"
    WATCHED = "watched"  # what changes at providers that one watches
    WATCHED_LOSS = "watched-loss"  # one of them is suspended, withdrawn or back
    SEARCHES = "searches"
    NEEDS = "needs"  # what commissioners look for, and who answers


class Way(StrEnum):
    """When a message comes."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    NEVER = "never"


class Language(StrEnum):
    """A language in which messages are written."""

    ENGLISH = "en"
    WELSH = "cy"


AT_ONCE = frozenset(
    {
        Topic.REQUESTS,
        Topic.DECISIONS,
        Topic.PEOPLE,
        Topic.SECURITY,
        Topic.SAFEGUARDING,
        Topic.WATCHED_LOSS,
    }
)
"""What comes at once unless the person chooses the day's e-mail for it; the rest waits for that."""

ALWAYS_AT_ONCE = frozenset({Topic.SECURITY, Topic.SAFEGUARDING, Topic.WATCHED_LOSS})
"""What nobody can put off or turn off. Of a loss one hears as long as one watches."""

MUST_COME = ALWAYS_AT_ONCE | {Topic.REQUESTS, Topic.DECISIONS, Topic.CASES, Topic.PASSPORTS, Topic.PEOPLE}
"""What may wait for the day's e-mail but cannot be turned off: an award may hang on it, or somebody waits."""

DAILY = "daily"
"""Stands for the day's e-mail itself where a topic does, in a link that turns something off."""

DEFAULT_HOUR = 7
EVERY_DAY = "1234567"


def ways(topic: Topic) -> tuple[Way, ...]:
    """The ways in which somebody may choose to hear of `topic`, the soonest first."""
    if topic in ALWAYS_AT_ONCE:
        return (Way.AT_ONCE,)
    return (Way.AT_ONCE, Way.DAILY) if topic in MUST_COME else (Way.AT_ONCE, Way.DAILY, Way.NEVER)


def usual(topic: Topic) -> Way:
    """The way for who has chosen none."""
    return Way.AT_ONCE if topic in AT_ONCE else Way.DAILY


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person chose. `days` are ISO numbers of weekdays on which the day's e-mail comes, from `hour` on, UK time."""

    language: Language = Language.ENGLISH
    digest: bool = True
    hour: int = DEFAULT_HOUR
    days: str = EVERY_DAY
    chosen: Mapping[Topic, Way] = field(default_factory=dict)

    def chosen_way(self, topic: Topic) -> Way:
        """What the person chose for `topic`, or its usual way; a choice that is no longer open counts as none."""
        way = self.chosen.get(topic, usual(topic))
        return way if way in ways(topic) else usual(topic)

    def way(self, topic: Topic) -> Way:
        """When a message on `topic` comes. Who wants no day's e-mail gets at once what must come, and not the rest."""
        way = self.chosen_way(topic)
        if way is not Way.DAILY or self.digest:
            return way
        return Way.AT_ONCE if topic in MUST_COME else Way.NEVER

    def way_for(self, topic: Topic, rather: Way | None) -> Way:
        """When a message on `topic` comes about a thing for which the person chose a way of its own."""
        chosen = self.chosen_way(topic)
        if rather is None or chosen is Way.NEVER or rather not in ways(topic):
            return self.way(topic)
        return Way.AT_ONCE if rather is Way.DAILY and not self.digest else rather

    def digest_due(self, today: date, hour: int, seen_on: date | None) -> bool:
        """Whether the day's e-mail is due at `hour` of `today`, the last one having been made for `seen_on`."""
        fresh = seen_on is None or seen_on < today
        return self.digest and fresh and hour >= self.hour and str(today.isoweekday()) in self.days

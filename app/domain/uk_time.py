"""The day in the United Kingdom, by which awards and certificates begin and end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")


def uk_day(moment: datetime) -> date:
    """The date in the United Kingdom at an aware moment."""
    return moment.astimezone(UK).date()

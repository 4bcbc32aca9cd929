"""The day in the United Kingdom, by which awards and certificates begin and end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uk_day(moment: datetime) -> date:
    """The date in the United Kingdom at an aware moment."""
    return moment.astimezone(UK).date()


def spoken(day: date) -> str:
    """The day as pages and messages write it: 29 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

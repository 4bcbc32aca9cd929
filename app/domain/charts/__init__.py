"""Where everything of a chart stands: lines, dots and words of a radar, of bars, of columns and of a course over time."""

from __future__ import annotations

from app.domain.charts.over_time import MOST_MOMENTS, Column, Columns, Course, Moment, Stack, columns, course
from app.domain.charts.parts import LINE, TEXT, WIDE, Axis, Place, Words
from app.domain.charts.radars import Radar, fits_a_radar, radar
from app.domain.charts.rows_of_bars import Bar, Bars, bars

__all__ = [
    "LINE",
    "MOST_MOMENTS",
    "TEXT",
    "WIDE",
    "Axis",
    "Bar",
    "Bars",
    "Column",
    "Columns",
    "Course",
    "Moment",
    "Place",
    "Radar",
    "Stack",
    "Words",
    "bars",
    "columns",
    "course",
    "fits_a_radar",
    "radar",
]

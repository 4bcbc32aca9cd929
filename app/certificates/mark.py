"""The kite-mark: one drawing for the certificate and for the web, in a box of 64 by 64 with y pointing down."""

from __future__ import annotations

from html import escape

BOX = 64
OUTER = "M32 3 58 20 48 58H16L6 20Z"
INNER = "M32 9 52 22 44 53H20L12 22Z"
TICK = "M22 33l7 7 14-16"
BAR = "M22 34h20"
HOLLOW = "M32 4 57 20 47 57H17L7 20Z"
INNER_WIDTH, TICK_WIDTH = 3.5, 5
HOLLOW_COLOUR, BAR_COLOUR = "#8b8388", "#9c3b12"
LINES = {"gold": "#a87b12", "silver": "#6d7780", "bronze": "#8a5a2b"}
METALS = tuple(LINES)
STANDING, SUSPENDED = "standing", "suspended"


def level_colour(level: str, rank: int, top: int) -> str:
    """Gold, silver, bronze or plain for a level, by its name where it names a metal, else by its rank.

    `rank` counts levels from 1, the lowest, to `top`, the highest. The three highest of several levels get the metals;
    a scheme with one level has nothing to tell apart, so its mark is plain.
    """
    words = level.casefold().replace("-", " ").replace("_", " ").split()
    named = next((metal for metal in METALS if metal in words), None)
    if named:
        return named
    steps_down = top - rank
    return METALS[steps_down] if top > 1 and 0 <= steps_down < len(METALS) else "plain"


def line_colour(level_colour: str, accent: str) -> str:
    """The colour of the mark's inner line, as #rrggbb: the metal's, or the scheme's accent where the level is plain."""
    return LINES.get(level_colour, accent)


def kite_mark_svg(
    level_colour: str,
    state: str,
    label: str,
    size: int = 58,
    colour: str = "#4b2142",
    accent: str = "#e2b04a",
    *,
    classes: str = "",
) -> str:
    """The mark as an SVG element. `state` is "standing" or "suspended"; for anything else no mark may be shown: "".

    Attributes only, no styles, so that the content policy lets it through on any page. `label` says what it shows;
    without one the drawing is decoration beside the same words, and is not read aloud.
    """
    if state == STANDING:
        drawing = _standing(colour, line_colour(level_colour, accent))
    elif state == SUSPENDED:
        drawing = _suspended()
    else:
        return ""
    meaning = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    looks = f' class="{escape(classes)}"' if classes else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{looks} width="{size}" height="{size}" viewBox="0 0 {BOX} {BOX}" '
        f'{meaning} focusable="false">{drawing}</svg>'
    )


def _standing(colour: str, line: str) -> str:
    return (
        f'<path d="{OUTER}" fill="{escape(colour)}"/>'
        f'<path d="{INNER}" fill="none" stroke="{escape(line)}" stroke-width="{INNER_WIDTH}"/>'
        f'<path d="{TICK}" fill="none" stroke="#ffffff" stroke-width="{TICK_WIDTH}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _suspended() -> str:
    return (
        f'<path d="{HOLLOW}" fill="none" stroke="{HOLLOW_COLOUR}" stroke-width="2.5" stroke-dasharray="5 4"/>'
        f'<path d="{BAR}" stroke="{BAR_COLOUR}" stroke-width="{TICK_WIDTH}" stroke-linecap="round"/>'
    )

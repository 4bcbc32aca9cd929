"""The marks beside the results of a search: twenty of them, drawn with as little as can be sent."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from app.queries.register_rows import EntryRow
from app.web.jinja import kite_mark


def marks_of(rows: tuple[EntryRow, ...]) -> tuple[list[Markup], list[Markup], list[int]]:
    """What several marks share, each different mark once, and for each row which it has (-1 for none).

    What a mark says stands beside it in words.
    """
    looks: dict[Markup, int] = {}
    marks = []
    for row in rows:
        state = "standing" if row.standing.approved else row.standing.status.value
        drawing = kite_mark(
            state, row.level_colour, "", classes="", brand=row.brand.get("colour", "#4b2142"),
            accent=row.brand.get("accent", "") or "#e2b04a",
        )  # fmt: skip
        marks.append(looks.setdefault(drawing, len(looks)) if drawing else -1)
    shared, drawn = _drawn_once([drawing.split("/>")[:-1] for drawing in looks])
    return shared, drawn, marks


def _drawn_once(looks: list[list[str]]) -> tuple[list[Markup], list[Markup]]:
    """The shapes that several marks have, and each mark with a reference in the place of those."""
    shapes = [[shape[shape.rindex("<") :] for shape in look] for look in looks]
    often = [shape for shape, times in Counter(shape for look in shapes for shape in look).items() if times > 1]
    # The shapes are of kite_mark_svg, which escapes what varies in them.
    named = {shape: f'<use href="#k{number}"/>' for number, shape in enumerate(often)}
    drawn = [Markup("".join(named.get(shape, f"{shape}/>") for shape in look)) for look in shapes]  # noqa: S704
    return [Markup(f'{shape} id="k{number}"/>') for number, shape in enumerate(often)], drawn  # noqa: S704

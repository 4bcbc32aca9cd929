"""Draw the lives of app/domain/lifecycle, and write docs/lives.md from the same tables.

python -m tools.draw_lives           needs Graphviz (`dot`); the pictures are kept with the code
python -m tools.draw_lives --text    only docs/lives.md, without Graphviz

Each picture says in a comment which tables it was drawn from, so that a test can tell an old one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.lifecycle import LIVES, Life
from app.queries.lives import LifeOnPage, lives, move_words, picture_of, words

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "app" / "assets" / "images"
PAGE = ROOT / "docs" / "lives.md"
INK, BRAND, PAPER, QUIET = "#1d1a1c", "#4b2142", "#f6f1ee", "#6f6a6c"
FONT = "Atkinson Hyperlegible, Arial, sans-serif"
WRAP = 18


def source(life: Life[Any, Any]) -> str:
    """The life as Graphviz reads it."""
    lines = [
        f'digraph "{life.noun}" {{',
        '  rankdir=TB; bgcolor="transparent"; nodesep=0.35; ranksep=0.55; splines=true;',
        f'  node [shape=box, style="rounded,filled", fontname="{FONT}", fontsize=14, color="{BRAND}", fillcolor="{PAPER}", '
        f'fontcolor="{INK}", margin="0.16,0.09"];',
        f'  edge [fontname="{FONT}", fontsize=11, color="{QUIET}", fontcolor="{INK}", arrowsize=0.7];',
    ]
    for state in life.states:
        more = ', style="rounded,filled,bold"' if state in life.begins else ""
        more = ', style="rounded,dashed"' if state in life.never_stored else more
        more += ", peripheries=2" if state in life.ends() - life.never_stored else ""
        lines.append(f'  "{state.value}" [label="{words(state.value)}"{more}];')
    joined: dict[tuple[Any, Any], list[str]] = {}
    for (at, move), to in life.moves.items():
        joined.setdefault((at, to), []).append(move_words(move.value))
    for (at, to), moves in joined.items():
        label = "\\n".join(line for move in moves for line in _wrapped(move))
        lines.append(f'  "{at.value}" -> "{to.value}" [label="{label}"];')
    return "\n".join([*lines, "}"])


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= WRAP:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def mark(life: Life[Any, Any]) -> str:
    """What a picture of the life as it is now says of itself."""
    return sha256(source(life).encode()).hexdigest()[:16]


def draw(life: Life[Any, Any]) -> str:
    """The picture as SVG."""
    drawn = subprocess.run(["dot", "-Tsvg"], input=source(life), capture_output=True, text=True, check=True).stdout
    drawn = re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)
    drawn = drawn[drawn.index("<svg") :]
    return f"<!-- drawn from {mark(life)} -->\n{drawn}"


def page() -> str:
    """docs/lives.md."""
    parts = [
        "# The lives of everything that a scheme decides on",
        "",
        "Written by `python -m tools.draw_lives` from the tables in `app/domain/lifecycle`. A pair of state and move that is not",
        "here is refused everywhere. A double frame ends a life, a bold one begins it, a dashed one is the calendar's.",
    ]
    for life in lives():
        parts += [
            "",
            f"## {life.title}",
            "",
            f"![{life.title}](../app/assets/images/{life.picture})",
            "",
            *_table(life),
        ]
    return "\n".join([*parts, ""])


def _table(life: LifeOnPage) -> list[str]:
    lines = ["| state | what it means |", "|---|---|"]
    lines += [f"| {row.name} | {row.says}{f' *{row.how}.*' if row.how else ''} |" for row in life.states]
    lines += ["", "| move | from and to | who | what it needs | sends |", "|---|---|---|---|---|"]
    for row in life.moves:
        ways = "; ".join(f"{at} → {to}" for at, to in row.ways)
        lines.append(f"| {row.move} | {ways} | {row.who} | {row.needs} | {', '.join(row.sends)} |")
    return lines


def main(arguments: list[str]) -> None:
    if "--text" not in arguments:
        for life in LIVES:
            (PICTURES / picture_of(life)).write_text(draw(life), "utf-8")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

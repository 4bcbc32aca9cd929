"""Why a text cannot be read at all, in plain words: the parser's own sentences are for people who write parsers."""

from typing import Any, NamedTuple

import yaml
from yaml.reader import Reader

from app.frameworks.problems import Place

START = (1, 1)
INDENT = "begin it in the same column as the lines that it belongs with"
MISFIT = f"this line does not fit those above; {INDENT}"
SIGN = "a text cannot begin like this; put quotes around it"
BELOW = "put the text on the lines below this sign, and indent it"
BACKSLASH = r"inside double quotes a \ changes what comes after it; use single quotes, or write \\"
UNCLOSED = "the quote that opens here is never closed"
QUOTE_INSIDE = (
    "the text in quotes ends before this; for a quote inside it, put the other kind of quotes around the whole"
)
TAB = "a tab stands here; indent with spaces instead"
NAMES = "two parts bear this name after &; name one of them anew"


class _Words(NamedTuple):
    """What to say, and whether to say it where the part begins: the parser may have given up lines after the mistake."""

    words: str
    at_its_start: bool = False


SAYINGS = {
    "mapping values are not allowed": _Words(
        "a colon is not expected here; put quotes around a text that holds a colon, or check how far the line is indented"
    ),
    "could not find expected ':'": _Words("a name stands here without its colon, as in `title: Safety`", True),
    "did not find expected ','": _Words(
        "a bracket that was opened is not closed; close it before this, and put quotes around a text that holds : or #"
    ),
    "found unexpected end of stream": _Words(UNCLOSED, True),
    "found unexpected document indicator": _Words(UNCLOSED, True),
    "tab character": _Words(TAB),
    "expected '-' indicator": _Words(f"this line is no part of the list above; begin it with a dash, or {INDENT}"),
    "did not find expected key": _Words(MISFIT),
    "block sequence entries are not allowed": _Words("a list cannot begin here; put its first dash on the next line"),
    "found undefined alias": _Words(f"{SIGN}, unless & gives this name to a part further up"),
    "cannot start any token": _Words(SIGN),
    "expected alphabetic or numeric": _Words(SIGN),
    "did not find expected node content": _Words(SIGN),
    "undefined tag handle": _Words(SIGN),
    "unknown directive": _Words(SIGN, True),
    "expected comment or line break": _Words(BELOW),
    "indentation indicator": _Words(BELOW),
    "unknown escape character": _Words(BACKSLASH),
    "hexdecimal": _Words(BACKSLASH),
    "second occurrence": _Words(NAMES),
    "another document": _Words(
        "a second text begins here; leave out the line of dashes, for a file holds one framework"
    ),
    "expected <document start>": _Words(MISFIT),
}
UNKNOWN = _Words("nothing like this is expected here; put quotes around a text that begins with a sign")


def syntax_mistake(error: yaml.YAMLError, source: str) -> tuple[Place, str]:
    """Where the text cannot be read on, and why."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _control_character(source)
    known = (saying for part, saying in SAYINGS.items() if part in str(error.problem))
    words, at_its_start = next(known, UNKNOWN)
    mark = error.context_mark if at_its_start else error.problem_mark
    place = _place(mark or error.problem_mark or error.context_mark)
    before, after = _line_around(source, place)
    if words == SIGN and after.startswith("\t"):
        words = TAB
    elif words == MISFIT and before.endswith(("'", '"')):
        words = QUOTE_INSIDE
    return place, f"this cannot be read: {words}"


def _control_character(source: str) -> tuple[Place, str]:
    found = Reader.NON_PRINTABLE.search(source)
    before = source[: found.start()] if found else ""
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if found else START
    return place, "this cannot be read: an invisible sign stands here that is no text; delete it"


def _line_around(source: str, place: Place) -> tuple[str, str]:
    """What stands on the line before the place, without the spaces next to it, and what stands from there on."""
    line, column = place
    lines = source.split("\n", line)
    text = lines[line - 1] if line <= len(lines) else ""
    return text[: column - 1].rstrip(), text[column - 1 :]


def _place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else START

"""The language in which a scheme writes its report's template: headings, paragraphs, words in braces, parts in brackets.

    # Assessment report: {provider}
    ## What was assessed
    {provider} applied for {level applied for} under {framework}.
    [people and dates]

A line that begins with "# " is the title, one with "## " opens a section. A line of a name in brackets stands for a part that
is made from the case. Paragraphs are parted by empty lines; each becomes a numbered paragraph of the report. There is
nothing else: no conditions, no repetition, nothing that could run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from app.domain.report import PART_SAYS, Part

LONGEST = 60_000
MOST_PARAGRAPHS = 200
NAMES: Mapping[str, str] = {
    "provider": "The provider's name",
    "scheme": "The scheme's title",
    "awarding body": "Who awards",
    "framework": "The framework's title",
    "edition": "The framework's edition",
    "level applied for": "The level that was applied for",
    "outcome": "What the scores give, in one sentence",
    "level": "The level that the scores give",
    "lead assessor": "The lead assessor's name",
    "assessors": "The names of all assessors",
    "criteria": "How many criteria were assessed",
    "submitted on": "The day on which the application was submitted",
    "assessed on": "The day on which the last assessment was handed in",
    "report made on": "The day on which this version of the report is made",
}
"""What may stand in braces, with what it stands for."""

_BRACED = re.compile(r"\{([^{}]*)\}")
_BLOCK = re.compile(r"\[([^\[\]]*)\]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of a template, with its line, counted from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One paragraph to be: the heading before it, and either words with names in braces or a part of the case."""

    heading: str
    part: Part
    words: str = ""


@dataclass(frozen=True)
class Template:
    """A template that was read. With `problems` it cannot be used."""

    title: str = ""
    paragraphs: tuple[Planned, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Reader:
    title: str = ""
    heading: str = ""
    heading_line: int = 0
    words: list[str] = field(default_factory=list)
    paragraphs: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, number: int, line: str) -> None:
        if line.startswith("#"):
            self._end_paragraph()
            self._heading(number, line)
        elif found := _BLOCK.fullmatch(line):
            self._end_paragraph()
            self._block(number, found.group(1))
        elif not line:
            self._end_paragraph()
        else:
            self._check_names(number, line)
            self.words.append(line)

    def _heading(self, number: int, line: str) -> None:
        marks, words = len(line) - len(line.lstrip("#")), line.lstrip("#").strip()
        self._check_names(number, words)
        if marks > 2 or not words:
            self._wrong(number, "A heading is # and its words for the title, or ## and its words for a section.")
        elif marks == 1 and (self.title or self.paragraphs or self.heading):
            self._wrong(number, "The title, a line with one #, stands once, at the top. Open a section with ##.")
        elif marks == 1:
            self.title = words
        else:
            self._check_heading_used()
            self.heading, self.heading_line = words, number

    def _check_heading_used(self) -> None:
        if self.heading:
            self._wrong(self.heading_line, f"Nothing stands under the heading “{self.heading}”.")

    def _block(self, number: int, name: str) -> None:
        known = _tidy(name)
        if known in {part.value for part in PART_SAYS}:
            self._add(Planned(self.heading, Part(known)))
            return
        near = _nearest(known, [part.value for part in PART_SAYS])
        said = f"Did you mean [{near}]?" if near else f"There are: {_listed(f'[{part}]' for part in PART_SAYS)}."
        self._wrong(number, f"There is no part called [{name.strip()}]. {said}")

    def _check_names(self, number: int, line: str) -> None:
        for found in _BRACED.finditer(line):
            name = _tidy(found.group(1))
            if name not in NAMES:
                near = _nearest(name, list(NAMES))
                said = (
                    f"Did you mean {{{near}}}?" if near else f"There are: {_listed(f'{{{each}}}' for each in NAMES)}."
                )
                self._wrong(number, f"There is nothing called {{{found.group(1).strip()}}}. {said}")
        rest = _BRACED.sub("", line)
        if "{" in rest or "}" in rest:
            self._wrong(number, "A brace is left open here, or stands twice. Write a name as {provider}, on one line.")

    def _end_paragraph(self) -> None:
        if self.words:
            self._add(Planned(self.heading, Part.WORDS, "\n".join(self.words)))
            self.words = []

    def _add(self, planned: Planned) -> None:
        self.paragraphs.append(planned)
        self.heading, self.heading_line = "", 0

    def _wrong(self, number: int, sentence: str) -> None:
        self.problems.append(Problem(number, sentence))

    def done(self, lines: int) -> Template:
        self._end_paragraph()
        self._check_heading_used()
        if not self.title:
            self._wrong(1, "The template needs a title: a first line such as # Assessment report: {provider}")
        if not self.paragraphs and not self.problems:
            self._wrong(lines, "The template needs at least one paragraph beneath its title.")
        if len(self.paragraphs) > MOST_PARAGRAPHS:
            self._wrong(lines, f"A report has at most {MOST_PARAGRAPHS} paragraphs. This has {len(self.paragraphs):,}.")
        return Template(self.title, tuple(self.paragraphs), tuple(sorted(self.problems, key=lambda each: each.line)))


def read_template(source: str) -> Template:
    """A template's text as a title and the paragraphs to be, with every mistake in it."""
    if len(source) > LONGEST:
        return Template(problems=(Problem(1, f"A template has at most {LONGEST:,} characters."),))
    reader, lines = _Reader(), source.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        reader.read(number, line.strip())
    return reader.done(len(lines))


def filled(words: str, names: Mapping[str, str]) -> str:
    """`words` with each name in braces replaced by what it stands for. What is put in is not read again."""
    return _BRACED.sub(lambda found: names[_tidy(found.group(1))], words)


def _tidy(name: str) -> str:
    return _SPACES.sub(" ", name).strip().lower()


def _nearest(name: str, known: list[str]) -> str:
    """The known name that somebody most likely meant; empty where none is near."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    inside = [each for each in known if name and (name in each or each in name)]
    return (found or inside or [""])[0]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)

"""A foreign framework -> the text of an edition in our format, checked, with its report."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import Invalid
from app.domain.wording import counted
from app.frameworks.fields import CODE
from app.frameworks.header import plural
from app.frameworks.importing.drafting import Item, TreeDraft, said
from app.frameworks.importing.report import ImportReport, ImportResult, Notes
from app.frameworks.importing.words import Codes, Words, joined_words, name_slug, usable
from app.frameworks.positions import MOST_BYTES
from app.frameworks.problems import Problems
from app.frameworks.read import read_framework
from app.frameworks.writing import Inline, written

LevelWords = list[tuple[str, Words]]
LOWEST_MARK = 80

# What a file that says nothing of scales and levels is given, in its own language where we speak it.
OWN_WORDS: dict[str, dict[str, str]] = {
    "not-yet": {
        "en": "Not yet", "cy": "Ddim eto", "fr": "Pas encore", "de": "Noch nicht", "es": "Todavía no",
        "it": "Non ancora", "nl": "Nog niet", "pl": "Jeszcze nie", "pt": "Ainda não",
    },
    "not-met": {
        "en": "Not met", "cy": "Heb ei fodloni", "fr": "Non atteint", "de": "Nicht erfüllt", "es": "No cumplido",
        "it": "Non soddisfatto", "nl": "Niet voldaan", "pl": "Niespełnione", "pt": "Não cumprido",
    },
    "partly-met": {
        "en": "Partly met", "cy": "Wedi'i fodloni'n rhannol", "fr": "Atteint en partie", "de": "Teilweise erfüllt",
        "es": "Cumplido en parte", "it": "Soddisfatto in parte", "nl": "Deels voldaan", "pl": "Częściowo spełnione",
        "pt": "Cumprido em parte",
    },
    "met": {
        "en": "Met", "cy": "Wedi'i fodloni", "fr": "Atteint", "de": "Erfüllt", "es": "Cumplido", "it": "Soddisfatto",
        "nl": "Voldaan", "pl": "Spełnione", "pt": "Cumprido",
    },
}  # fmt: skip


@dataclass(slots=True)
class Foreign:
    """A framework as a foreign file tells it. `nodes` and `assessable` are counted in that file, not in `items`.

    The tree has at least `depth` levels of nodes. `scales` and `facts` are written as they stand; `levels` are (code, title), the lowest first, and may be none.
    """

    format: str
    origin: str
    code: str
    edition: str
    title: Words
    language: str
    items: list[Item]
    names: tuple[str, ...]
    leaf: str
    notes: Notes
    nodes: int
    assessable: int
    depth: int = 1
    summary: list[Words] = field(default_factory=list)
    scales: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    levels: LevelWords = field(default_factory=list)


def own_words(key: str, language: str) -> Words:
    """Words of ours in that language, in English where we do not have them."""
    known = OWN_WORDS[key]
    return {language: known[language]} if language in known else {"en": known["en"]}


def compliance_scale(language: str) -> dict[str, Any]:
    """The scale for files that name none: not met, partly met, met, or not applicable."""
    points = {str(value): said(own_words(key, language)) for value, key in enumerate(("not-met", "partly-met", "met"))}
    return {"points": points, "not_applicable": "with-reason"}


def imported(foreign: Foreign, file: str) -> ImportResult:
    """The edition, written and checked. `file` names the foreign file in the report. Raises Invalid where nothing is asked."""
    tree = TreeDraft(foreign.names, foreign.leaf, foreign.notes, foreign.depth)
    levels = _levels(foreign)
    nodes, passages = tree.drawn(foreign.items, foreign.title)
    document = {
        "framework": foreign.code,
        "edition": foreign.edition,
        "title": said(foreign.title),
        "summary": said(joined_words([*foreign.summary, *passages])),
        "names": {"tree": tree.tree_names},
        "scales": foreign.scales,
        "facts": foreign.facts,
        "levels": [Inline(code=code, title=said(title)) for code, title in levels],
        plural(tree.tree_names[0]): nodes,
        "outcome": _outcome(foreign, levels),
    }
    source = written(document, {"": foreign.origin, **foreign.notes.chosen})
    if len(source.encode()) > MOST_BYTES:
        raise Invalid(
            {"file": f"Written in our format, this is over {MOST_BYTES // 1_000_000} MB, which no framework needs."}
        )
    problems = Problems(f"{foreign.code}.yaml")
    framework = read_framework(source, problems)
    report = _report(foreign, file, tree)
    return ImportResult(source, framework, tuple(problems.in_order()), report, tree.by_id)


def _levels(foreign: Foreign) -> LevelWords:
    if foreign.levels:
        return foreign.levels
    foreign.notes.choose("levels", "The file names no levels, so there is one.")
    return [("met", own_words("met", foreign.language))]


def _outcome(foreign: Foreign, levels: LevelWords) -> dict[str, Any]:
    """All that applies must be met, or, for several levels, rising shares of it; every requirement weighs as it does there."""
    steps = len(levels) - 1
    marks = [LOWEST_MARK + (100 - LOWEST_MARK) * rank // steps for rank in range(steps)] + [100]
    lowest = Inline({"from": "0%", "is": _no_award(levels)})
    lowest["title"] = said(own_words("not-yet", foreign.language))
    bands = [lowest, *(Inline({"from": f"{mark}%", "is": code}) for mark, (code, _) in zip(marks, levels, strict=True))]
    said_marks = ", ".join(f"{mark}%" for mark in marks)
    foreign.notes.choose("outcome", f"The file names no pass marks. Put yours in place of {said_marks}.")
    return {"of": f"{foreign.leaf} -> whole", "score": "share-of-maximum", "bands": bands}


def _no_award(levels: LevelWords) -> str:
    """The code of the lowest band, which must be none of the levels'."""
    return Codes([code for code, _ in levels]).take("not-yet")


def _report(foreign: Foreign, file: str, tree: TreeDraft) -> ImportReport:
    languages = dict.fromkeys(
        [*foreign.title, *(lang for item in foreign.items for each in item.walk() for lang in each.text)]
    )
    notes = foreign.notes
    came = [f"{counted(tree.nodes, 'group')} and {counted(tree.criteria, 'criterion', 'criteria')}", *notes.came]
    return ImportReport(
        format=foreign.format,
        source=file,
        nodes=foreign.nodes,
        assessable=foreign.assessable,
        languages=tuple(languages),
        came=tuple(came),
        chosen=tuple(notes.chosen.values()),
        moved=notes.moved.all,
        left=notes.left.all,
    )


def framework_code(*names: str) -> str:
    """A code for the framework from the first of its names that gives one."""
    return next((code for name in names if (code := name_slug(name)) and CODE.fullmatch(code)), "imported")


def edition_code(*names: str) -> str:
    """A code for the edition from the first of its names that gives one; 1 where none does."""
    return next((code for name in names if (code := usable(name))), "1")

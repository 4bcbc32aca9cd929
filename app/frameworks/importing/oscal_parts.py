"""Parts of OSCAL controls and groups: statement, guidance, what to look for, and what else they say."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from app.domain.asks import EvidenceKind
from app.frameworks import fields as f
from app.frameworks.importing.oscal_params import Params, dicts
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import clean
from app.frameworks.oscal_prose import NAMESPACE, label_of, listed, own_prop
from app.frameworks.writing import Inline

STATEMENT = ("statement",)
GUIDANCE = ("guidance", "guideline")
OBJECTIVE = ("assessment-objective", "objective")
METHOD = ("assessment-method", "assessment")
WHY = "rationale"
EVIDENCE = "evidence"
KIND = f.one_of(EvidenceKind)


class Parts:
    """The texts of one control or group, each empty where it has none.

    `text`, `why` and `guidance` are of several paragraphs; `prompts` say what an assessor looks for, one after the other.
    """

    def __init__(self, holder: dict[str, Any], params: Params, notes: Notes) -> None:
        self._params, self._notes = params, notes
        statements, guidance, others, self.prompts, self.evidence = [], [], [], [], []
        self.why = ""
        for part in dicts(holder, "parts"):
            name = part.get("name")
            own = part.get("ns") == NAMESPACE
            if name in STATEMENT:
                statements.append(self._statement(part))
            elif name in GUIDANCE:
                guidance.append(self._prose(part))
            elif name in OBJECTIVE:
                self.prompts += self._objectives(part)
            elif name in METHOD:
                self.prompts += self._method(part)
            elif own and name == WHY:
                self.why = self._own(part)
            elif own and name == EVIDENCE:
                self.evidence.append(_evidence(part, self._own(part)))
            else:
                others.append(self._other(part))
        self.text = _paragraphs(statements)
        self.others = _paragraphs(others)
        self.guidance = _paragraphs(guidance)

    def _own(self, part: dict[str, Any]) -> str:
        prose = part.get("prose")
        return self._params.resolved(prose) if isinstance(prose, str) else ""

    def _statement(self, part: dict[str, Any]) -> str:
        """The statement, and its items below it, each with its label and as deep as it stands."""
        self._note_titles(part)
        items = listed(self._items(part, 0))
        return _paragraphs([_title(part), self._own(part), items])

    def _items(self, part: dict[str, Any], depth: int) -> Iterator[tuple[int, str, str]]:
        for inner in dicts(part, "parts"):
            label, prose = label_of(inner), _paragraphs([_title(inner), self._own(inner)])
            if label or prose:
                yield depth, label, prose or "…"
            yield from self._items(inner, depth + bool(label or prose))

    def _prose(self, part: dict[str, Any]) -> str:
        """The part and all below it as paragraphs; what has a label of its own begins with it."""
        label = "" if part.get("name") in GUIDANCE else label_of(part)
        own = " ".join(piece for piece in (label, self._own(part)) if piece)
        return _paragraphs([_title(part), own, *(self._prose(inner) for inner in dicts(part, "parts"))])

    def _objectives(self, part: dict[str, Any]) -> list[str]:
        """One prompt for each objective that says something, with its label before it."""
        own = self._own(part)
        mine = [" ".join(piece for piece in (label_of(part), own) if piece)] if own else []
        return mine + [prompt for inner in dicts(part, "parts") for prompt in self._objectives(inner)]

    def _method(self, part: dict[str, Any]) -> list[str]:
        """How it is assessed and what is looked at: "Examine: the access policy"."""
        method = next((str(prop.get("value")) for prop in dicts(part, "props") if prop.get("name") == "method"), "")
        looked_at = _paragraphs([self._own(part), *(self._prose(inner) for inner in dicts(part, "parts"))])
        return [f"{method.capitalize()}: {looked_at}" if method else looked_at] if looked_at else []

    def _other(self, part: dict[str, Any]) -> str:
        """A part of another name, after its label or title, or after its name where that says more than nothing."""
        name = str(part.get("name") or "part")
        if name != "overview":
            self._notes.move("Parts of other names, now in guidance or summary", name)
        prose = _paragraphs([self._own(part), *(self._prose(inner) for inner in dicts(part, "parts"))])
        head = _title(part) or label_of(part)
        return _paragraphs([head, prose]) if prose else ""

    def _note_titles(self, part: dict[str, Any]) -> None:
        for inner in dicts(part, "parts"):
            if inner.get("links"):
                self._notes.leave("Links of parts", str(inner.get("id") or ""), len(dicts(inner, "links")))
            self._note_titles(inner)


def _title(part: dict[str, Any]) -> str:
    title = part.get("title")
    return clean(title) if isinstance(title, str) else ""


def _paragraphs(pieces: list[str]) -> str:
    return "\n\n".join(piece for piece in pieces if piece)


def _evidence(part: dict[str, Any], title: str) -> dict[str, Any]:
    """What is asked for, as our export told it; a kind that is none of ours is a document."""
    parsers = {"kind": KIND, "code": f.code, "newest_within": f.length, "at_least": f.whole(1, 1000)}
    told = {key: readable(parse, own_prop(part, key)) for key, parse in parsers.items()}
    return Inline({**told, "kind": told["kind"] or "document", "title": title})


def readable(parse: Any, text: str) -> str:
    """The text where our format can read it so, else nothing."""
    try:
        parse(text)
    except ValidationError:
        return ""
    return text

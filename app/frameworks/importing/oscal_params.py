"""Parameters of an OSCAL catalog: every place where one is inserted reads as its value, its choices or its label."""

import re
from typing import Any

from app.domain.errors import Invalid
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import clean

INSERT = re.compile(r"\{\{\s*(?:insert:\s*param,\s*|param:\s*)?([^\s{},]+)\s*\}\}")
DEEPEST = 8
MOST_STEPS = 50_000
MOST_SIGNS = 8_000_000
"""What all insertions together may add: a long value that is inserted often would else fill the memory."""
HOW_MANY = {"one": "choose one: ", "one-or-more": "choose one or more: "}


class Params:
    """Every parameter of the catalog by its id. What a catalog without any parameters says in braces is its own text."""

    def __init__(self, catalog: dict[str, Any], notes: Notes) -> None:
        self._params: dict[str, dict[str, Any]] = {}
        self._notes = notes
        self.inserted = self._steps = self._signs = 0
        self._collect(catalog)

    def _collect(self, holder: dict[str, Any]) -> None:
        for param in dicts(holder, "params"):
            if isinstance(param.get("id"), str):
                self._params.setdefault(param["id"], param)
            for key in ("usage", "constraints", "guidelines"):
                if param.get(key):
                    self._notes.leave("Guidelines and constraints of parameters", str(param.get("id")))
        for key in ("groups", "controls"):
            for inner in dicts(holder, key):
                self._collect(inner)

    def resolved(self, prose: str) -> str:
        """The prose with every insertion written out."""
        return clean(self._resolved(prose, ()) if self._params and "{{" in prose else prose)

    def _resolved(self, prose: str, within: tuple[str, ...]) -> str:
        return INSERT.sub(lambda match: self._counted(self._words(match[1], within)), prose)

    def _counted(self, words: str) -> str:
        self._signs += len(words)
        if self._signs > MOST_SIGNS:
            raise Invalid({"file": f"Parameters insert over {MOST_SIGNS:,} characters, which no catalog needs."})
        return words

    def _words(self, name: str, within: tuple[str, ...]) -> str:
        """What stands for the parameter: its values, else its choices, else its label, in brackets where it is to be filled in."""
        self.inserted += not within
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Invalid({"file": f"Parameters are inserted more than {MOST_STEPS:,} times, which no catalog needs."})
        param = self._params.get(name)
        if param is None or name in within or len(within) >= DEEPEST:
            self._notes.leave("Parameters that are inserted but not defined", name)
            return f"[{name}]"
        inside = (*within, name)
        values = [value for value in param.get("values") or () if isinstance(value, str)]
        if values:
            return self._resolved(", ".join(values), inside)
        select = param.get("select")
        choices = select.get("choice") if isinstance(select, dict) else None
        if isinstance(choices, list) and choices:
            how = HOW_MANY.get(str(select.get("how-many", "one")), "") if isinstance(select, dict) else ""
            return "[" + how + "; ".join(self._resolved(str(choice), inside) for choice in choices) + "]"
        label = param.get("label")
        return "[" + (self._resolved(label, inside) if isinstance(label, str) and label.strip() else name) + "]"


def dicts(holder: Any, key: str) -> list[dict[str, Any]]:
    """The things listed under `key`, without what is no thing; none where `holder` is none itself."""
    listed = holder.get(key) if isinstance(holder, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []

"""Implementation groups: levels where each holds all of the one before it, else a fact that says which of them apply."""

from itertools import pairwise
from typing import Any

from app.domain.wording import counted
from app.frameworks.importing.drafting import said
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import Codes, Words, slug, words_of
from app.frameworks.writing import Inline

MOST_LEVELS = 10
FACT = "groups"


class Groups:
    """What each criterion says of its groups. `levels` and `facts` are what the framework must then hold."""

    def __init__(
        self, framework: dict[str, Any], assessable: list[dict[str, Any]], language: str, notes: Notes
    ) -> None:
        self.levels: list[tuple[str, Words]] = []
        self.facts: dict[str, Any] = {}
        self._notes = notes
        declared = _declared(framework, language)
        members = [_groups(node) for node in assessable]
        used = dict.fromkeys(group for groups in members for group in groups)
        for group in used:
            if group not in declared:
                notes.move("Groups that nothing declares, under their own names", group)
        for group in declared.keys() - used.keys():
            notes.leave("Groups that no requirement belongs to", group)
        titles = {group: title for group, title in declared.items() if group in used}
        titles |= {group: {language: group} for group in used if group not in declared}
        codes = Codes()
        self._codes = {group: codes.take(slug(group)[:40], f"group-{n}") for n, group in enumerate(titles, 1)}
        self._chain = _chain(members, list(titles))
        self._note_details(framework)
        if len(titles) < 2 and all(members):
            notes.leave("A group that holds everything", next(iter(titles), ""), len(titles))
        elif self._chain:
            self._make_levels(titles)
        elif titles:
            self._make_fact(titles, language)

    def of(self, node: dict[str, Any]) -> dict[str, Any]:
        """The keys `level` or `applies` of the criterion, where it needs one."""
        groups = _groups(node)
        if self.levels:
            lowest = next(group for group in self._chain if group in groups)
            return {"level": self._codes[lowest]} if lowest != self._chain[0] else {}
        if self.facts and groups:
            codes = [self._codes[group] for group in groups]
            return {"applies": Inline({FACT: Inline(includes=codes)})}
        return {}

    def _make_levels(self, titles: dict[str, Words]) -> None:
        self.levels = [(self._codes[group], titles[group]) for group in self._chain]
        self._notes.came.append(f"{counted(len(titles), 'implementation group')}, each within the next, as levels")

    def _make_fact(self, titles: dict[str, Words], language: str) -> None:
        choices = {self._codes[group]: said(title) for group, title in titles.items()}
        asks = {"en": "Groups of requirements that apply", "fr": "Groupes d'exigences qui s'appliquent"}
        title = {language: asks[language]} if language in asks else {"en": asks["en"]}
        self.facts = {FACT: {"kind": "codes", "title": said(title), "choices": choices}}
        self._notes.came.append(f"{counted(len(titles), 'implementation group')} as a fact that says who is asked what")

    def _note_details(self, framework: dict[str, Any]) -> None:
        for entry in _entries(framework):
            if entry.get("description"):
                self._notes.leave("Descriptions of groups", str(entry["description"]))
            if str(entry.get("default_selected", "")).lower() == "true":
                self._notes.leave("Groups that are selected beforehand", str(entry.get("ref_id", "")))


def _entries(framework: dict[str, Any]) -> list[dict[str, Any]]:
    listed = framework.get("implementation_groups_definition")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _declared(framework: dict[str, Any], language: str) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for entry in _entries(framework):
        ref = entry.get("ref_id")
        if isinstance(ref, str) and ref.strip():
            found.setdefault(ref.strip(), words_of(entry, "name", language) or {language: ref.strip()})
    return found


def _groups(node: dict[str, Any]) -> tuple[str, ...]:
    listed = node.get("implementation_groups")
    if isinstance(listed, str):
        listed = listed.split(",")
    texts = [each.strip() for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return tuple(dict.fromkeys(text for text in texts if text))


def _chain(members: list[tuple[str, ...]], groups: list[str]) -> list[str]:
    """The groups from the one that asks least, if every one holds all of the one before it and more; else nothing."""
    if not 2 <= len(groups) <= MOST_LEVELS or not all(members):
        return []
    within = {group: frozenset(n for n, each in enumerate(members) if group in each) for group in groups}
    rising = sorted(groups, key=lambda group: len(within[group]))
    return rising if all(within[low] < within[high] for low, high in pairwise(rising)) else []

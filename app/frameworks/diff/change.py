"""One change between two editions, and what kinds of change there are."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What has changed, as a scheme manager would sort it."""

    ADDED = "added"
    REMOVED = "removed"
    SPLIT = "split"
    MERGED = "merged"
    RENAMED = "renamed"
    MOVED = "moved"
    APPLIES = "applies"
    EVIDENCE = "evidence"
    LIGHTER = "lighter"
    PASSPORTS = "passports"
    REQUIRED = "required"
    LEVEL = "level"
    WEIGHT = "weight"
    SCALE = "scale"
    LEVELS = "levels"
    CUT_OFF = "cut-off"
    METHOD = "method"
    ROUNDING = "rounding"
    LIMITS = "limits"
    WORDING = "wording"
    NODE = "node"
    ORDER = "order"
    AWARD = "award"
    ASSESSMENT = "assessment"
    PANEL = "panel"
    CLAUSES = "clauses"
    FACTS = "facts"
    MAPS_TO = "maps-to"
    LEARNING = "learning"
    EDITION = "edition"
    OTHER = "other"


KIND_TITLES = {
    Kind.ADDED: "New criteria",
    Kind.REMOVED: "Criteria no longer asked",
    Kind.SPLIT: "Criteria split",
    Kind.MERGED: "Criteria merged",
    Kind.RENAMED: "Criteria with a new code",
    Kind.MOVED: "Criteria moved",
    Kind.APPLIES: "Who is asked",
    Kind.EVIDENCE: "Evidence asked for",
    Kind.LIGHTER: "Lighter evidence",
    Kind.PASSPORTS: "Awards of others that count",
    Kind.REQUIRED: "Required points",
    Kind.LEVEL: "Level at which a criterion counts",
    Kind.WEIGHT: "Weights",
    Kind.SCALE: "Scales",
    Kind.LEVELS: "Levels",
    Kind.CUT_OFF: "Cut-offs and bands",
    Kind.METHOD: "How scores are summed up",
    Kind.ROUNDING: "Rounding",
    Kind.LIMITS: "Limits",
    Kind.WORDING: "Wording",
    Kind.NODE: "Parts of the framework",
    Kind.ORDER: "Order",
    Kind.AWARD: "The award",
    Kind.ASSESSMENT: "The assessment",
    Kind.PANEL: "The panel",
    Kind.CLAUSES: "Gates, findings, publication and other clauses",
    Kind.FACTS: "Facts about a provider",
    Kind.MAPS_TO: "Links to other frameworks",
    Kind.LEARNING: "Learning",
    Kind.EDITION: "The edition",
    Kind.OTHER: "Other changes",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change, in a sentence.

    `code` is that of the criterion or node, empty for the framework as a whole; `where` the title of the part of the
    framework that it belongs to. `before` and `after` are the words themselves, where a page can show them word by
    word; `language` is that of these words where it is not English.
    """

    kind: Kind
    code: str
    where: str
    sentence: str
    before: str = ""
    after: str = ""
    language: str = ""

    def as_data(self) -> dict[str, str]:
        """Everything above as strings."""
        return {
            "kind": self.kind.value,
            "code": self.code,
            "where": self.where,
            "sentence": self.sentence,
            "before": self.before,
            "after": self.after,
            "language": self.language,
        }


@dataclass(frozen=True, slots=True)
class Scene:
    """What changes are told about: `name` begins their sentences; `kind` is theirs unless they say another."""

    kind: Kind
    name: str
    where: str
    code: str = ""

    def told(
        self, sentence: str, before: str = "", after: str = "", kind: Kind | None = None, language: str = ""
    ) -> Change:
        return Change(kind or self.kind, self.code, self.where, sentence, before, after, language)

    def of(self, name: str, kind: Kind | None = None) -> "Scene":
        """The same place, told under another name."""
        return replace(self, name=name, kind=kind or self.kind)

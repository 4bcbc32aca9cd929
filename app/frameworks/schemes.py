"""What stands beside the editions: the scheme that awards, and lists of codes shared by all schemes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.wording import Text
from app.frameworks import positions
from app.frameworks.fields import contrast
from app.frameworks.problems import FrameworkInvalid, Problems
from app.frameworks.schemas import ListItemShape, SchemeShape, shaped

STANDARDS = Path(__file__).resolve().parents[2] / "standards"
LEAST_ACCENT = 3


@dataclass(frozen=True, slots=True)
class Scheme:
    """Who awards; `invented` marks an example, `takes_applications` is False where providers only read.

    `appeals` and `complaints` hold what is said of these, in days, working days and people: see app.domain.appeals.Terms.
    `votes_named` is whether minutes name who voted how; None where the file does not say. `report` holds what is said of assessment reports: `required`, `check_days`.
    `colour` and `accent` are #rrggbb: the first can be read on white, the second stands out on the first.
    """

    code: str
    title: Text
    awarding_body: Text
    contact: str
    website: str
    colour: str
    accent: str
    about: Text
    invented: bool = False
    takes_applications: bool = True
    appeals: Mapping[str, int] = field(default_factory=dict)
    complaints: Mapping[str, int] = field(default_factory=dict)
    votes_named: bool | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One code of a list; `also` are other words that people use for it.

    `identifiers` are the kinds of official number that an organisation of this type may have; `awarded_by` is the body
    that awards a certificate.
    """

    code: str
    title: Text
    also: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    awarded_by: str = ""


def load_scheme(path: Path) -> Scheme:
    """The scheme in a scheme.yaml. Raises FrameworkInvalid."""
    problems = Problems(str(path))
    scheme = read_scheme(path.read_text("utf-8"), problems)
    if scheme is None or problems.found:
        raise FrameworkInvalid(problems.in_order())
    return scheme


def load_list(name: str, standards: Path = STANDARDS) -> tuple[ListItem, ...]:
    """The list standards/lists/<name>.yaml. Raises FrameworkInvalid, FileNotFoundError."""
    path = standards / "lists" / f"{name}.yaml"
    problems = Problems(str(path))
    items = read_list(path.read_text("utf-8"), problems)
    if problems.found:
        raise FrameworkInvalid(problems.in_order())
    return items


def list_names(standards: Path = STANDARDS) -> tuple[str, ...]:
    """The names of the lists that all schemes share."""
    return tuple(sorted(path.stem for path in (standards / "lists").glob("*.yaml")))


def read_scheme(source: str, problems: Problems) -> Scheme | None:
    document = positions.load(source, problems)
    if document is None:
        return None
    valid = shaped(SchemeShape, document, (), problems)
    if problems.found:
        return None
    brand = valid["brand"]
    _check_accent(brand["colour"], brand["accent"], problems)
    return Scheme(
        code=valid["scheme"],
        colour=brand["colour"],
        accent=brand["accent"],
        invented=valid.get("invented", False),
        takes_applications=valid.get("takes_applications", True),
        appeals=_appeals(valid.get("appeal", {}), problems),
        complaints=valid.get("complaints", {}),
        votes_named=valid["minutes"]["votes"] == "named" if "minutes" in valid else None,
        report=valid.get("report", {}),
        **{key: valid[key] for key in ("title", "awarding_body", "contact", "website", "about")},
    )


def _appeals(said: Mapping[str, Any], problems: Problems) -> dict[str, int]:
    """The terms of appeals: times are counted in days, so that nobody argues about months."""
    found = {key: int(said[key]) for key in ("reviewers", "lay") if key in said}
    for key in ("within", "decided"):
        if key in said:
            if said[key].years or said[key].months:
                problems.add(
                    ("appeal", key), "expected days or weeks, such as 28 days: months are not all of one length"
                )
            found[key] = int(said[key].days)
    if found.get("lay", 0) > found.get("reviewers", found.get("lay", 0)):
        problems.add(("appeal", "lay"), "expected no more lay reviewers than reviewers")
    return found


def _check_accent(colour: str, accent: str, problems: Problems) -> None:
    """The accent is drawn on the brand colour and never written in, so it is held against that and not against white."""
    ratio = contrast(colour, accent)
    if ratio < LEAST_ACCENT:
        said = f"its contrast is {ratio:.1f} to 1, at least {LEAST_ACCENT} is needed"
        problems.add(("brand", "accent"), f"{accent} does not stand out on {colour}: {said}")


def read_list(source: str, problems: Problems) -> tuple[ListItem, ...]:
    document = positions.load(source, problems)
    if document is None:
        return ()
    if not isinstance(document, list) or not document:
        problems.at((1, 1), "expected a list of codes: lines such as - {code: home-care, title: Care at home}")
        return ()
    items: dict[str, ListItem] = {}
    for index, entry in enumerate(document):
        valid: dict[str, Any] = shaped(ListItemShape, entry, (index,), problems)
        code = valid.get("code")
        if code in items:
            problems.add((index, "code"), f"the code `{code}` stands here twice")
        elif code and "title" in valid:
            items[code] = ListItem(
                code,
                valid["title"],
                tuple(valid.get("also", ())),
                tuple(valid.get("identifiers", ())),
                valid.get("awarded_by") or "",
            )
    return tuple(items.values())

"""Who counts among members and sites, who sees what, and how long things are kept."""

from typing import Any

from app.domain.clauses import Audience, MemberRules, MetBy, Publication, Retention
from app.frameworks.clause_shapes import MembersShape, PublicationShape, RetentionShape
from app.frameworks.problems import Problems
from app.frameworks.schemas import shaped

ORDER = list(Audience)


def read_members(header: dict[str, Any], problems: Problems) -> MemberRules:
    rules = _part(MembersShape, header, "members", problems)
    return MemberRules(**{name: MetBy(value) for name, value in rules.items()})


def read_retention(header: dict[str, Any], problems: Problems) -> Retention:
    return Retention(**_part(RetentionShape, header, "retention", problems))


def read_publication(header: dict[str, Any], problems: Problems) -> Publication:
    publication = Publication(**_part(PublicationShape, header, "publication", problems))
    if publication.level is not Audience.PUBLIC:
        problems.add(("publication", "level"), "the level is always `public`: it is what a register is for")
    _check_sums(publication, header.get("publication"), problems)
    return publication


def _check_sums(publication: Publication, data: Any, problems: Problems) -> None:
    """Whoever sees every part can work out the sum, so the sum may not be closer kept than its parts."""
    for part, whole in (("criterion_scores", "node_scores"), ("node_scores", "share")):
        wide, narrow = getattr(publication, part), getattr(publication, whole)
        if ORDER.index(wide) < ORDER.index(narrow) and isinstance(data, dict) and part in data:
            message = (
                f"whoever sees `{part}` can work out `{whole}`, which is kept to `{narrow}`; "
                f"open `{whole}` to `{wide}` too, or keep this as close"
            )
            problems.add(("publication", part), message)


def _part(shape: Any, header: dict[str, Any], key: str, problems: Problems) -> dict[str, Any]:
    return shaped(shape, header[key], (key,), problems) if key in header else {}

"""Results as dicts, lists and text, from which the outcome can be worked out again."""

from fractions import Fraction
from typing import Any

from app.domain.scoring.level_result import LevelResult
from app.domain.scoring.node_result import NodeResult
from app.domain.scoring.parts import Part
from app.domain.wording import percent


def node_data(node: NodeResult) -> dict[str, Any]:
    total = node.total
    return {
        "code": node.code,
        "title": node.title,
        "share": share_data(node.share),
        "marks": None if total.marks is None else str(total.marks),
        "rating": node.rating or None,
        "way": total.method.value,
        "parts": parts_data(total.parts),
        "limits": [str(limit.because) for limit in total.limits],
        "added": list(total.added),
        "from": node.from_words,
    }


def parts_data(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Each part with its exact numbers, from which the share above it can be worked out again."""
    return [
        {
            "code": part.code,
            "weight": str(part.weight),
            "earned": str(part.earned),
            "possible": str(part.possible),
            "met": part.met,
        }
        for part in parts
    ]


def level_data(level: LevelResult) -> dict[str, Any]:
    return {
        "code": level.code,
        "title": level.title,
        "reached": level.reached,
        "share": share_data(level.share),
        "cut_off": share_data(level.cut_off),
        "in_marks": level.in_marks,
        "decided_by": level.decided_by,
        "unmet": list(level.unmet),
        "knocked_out": list(level.knocked_out),
        "barred_by": [str(limit.because) for limit in level.barred_by],
        "sentences": list(level.sentences),
    }


def share_data(share: Fraction | None) -> dict[str, str] | None:
    return None if share is None else {"exact": str(share), "percent": percent(share)}

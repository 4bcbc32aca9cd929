"""What is wrong with a score that somebody chose, in words."""

from app.domain.reconciling import GivenScore
from app.domain.scales import NotApplicableRule, Scale


def wrong_score(scale: Scale, given: GivenScore) -> str:
    """What is wrong with what was chosen on this scale, empty where nothing is or nothing was chosen yet."""
    if given.not_applicable and scale.not_applicable is not NotApplicableRule.WITH_REASON:
        return "This criterion applies to everyone who is asked it. Choose a score."
    if given.not_rated and scale.not_rated is not NotApplicableRule.WITH_REASON:
        return "Every criterion on this scale must be rated. Choose a score."
    if given.point is None or given.point in scale.values:
        return ""
    if scale.span:
        return f"{given.point} is not on this scale. Choose a number from {scale.span.low} to {scale.span.high}."
    points = ", ".join(scale.said(value) for value in scale.values)
    return f"{given.point} is not on this scale. Choose one of {points}."

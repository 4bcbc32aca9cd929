"""The agreement of assessors over a set of criteria, which may stand on several scales: as tables show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.agreement import Measured, Metric, Weighting, alpha, kappa, metric_for, share_agreed
from app.domain.reconciling import State
from app.domain.scales import Scale

METRIC_WORDS: Mapping[Metric, str] = {
    Metric.NOMINAL: "the same or not",
    Metric.ORDINAL: "by rank",
    Metric.INTERVAL: "by difference",
    Metric.RATIO: "by proportion",
}
PAIR = 2


Given = tuple[State | None, ...]
"""What each assessor gave on one criterion of one case, in the same order throughout; None for nothing."""
Rated = Mapping[tuple[str, Given], int]
"""How often the assessors gave this on a criterion of the scale with that code."""


@dataclass(frozen=True, slots=True)
class OnScale:
    """Agreement beyond chance on one scale. `kappa` is None where more than two assessors, or several pairs, are pooled."""

    scale: Scale
    metric: Metric
    alpha: Measured
    kappa: Measured | None

    @property
    def compared_by(self) -> str:
        """How two scores are compared: "by rank"."""
        return METRIC_WORDS[self.metric]

    @property
    def alpha_said(self) -> str:
        return coefficient_words(self.alpha)

    @property
    def kappa_said(self) -> str:
        return coefficient_words(self.kappa) if self.kappa else ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over one set of criteria: how many were compared, on how many all gave the same, and agreement beyond chance."""

    share: Measured
    same: int
    scales: tuple[OnScale, ...]

    @property
    def compared(self) -> int:
        return self.share.units

    @property
    def share_said(self) -> str:
        return share_words(self.share)

    @property
    def undefined(self) -> tuple[str, ...]:
        """Why something is undefined here, each reason once."""
        measures = (measure for scale in self.scales for measure in (scale.alpha, scale.kappa) if measure)
        return tuple(dict.fromkeys(each.because for each in measures if each.because))


def agreement_over(rated: Rated, scales: Mapping[str, Scale], *, one_pair: bool = False) -> Agreement:
    """The agreement over these. `one_pair` says that all are of the same two assessors, so that kappa has a meaning.

    Not applicable and not rated are held against points in the share. Beyond chance, only points are compared.
    """
    every: Counter[Given] = Counter()
    by_scale: dict[str, Counter[tuple[int | None, ...]]] = {}
    for (code, given), times in rated.items():
        if sum(state is not None for state in given) < PAIR:
            continue
        every[given] += times
        points = tuple(state[0] if state else None for state in given)
        by_scale.setdefault(code, Counter())[points] += times
    return Agreement(
        share=share_agreed(every),
        same=sum(times for given, times in every.items() if len({each for each in given if each}) == 1),
        scales=tuple(_on_scale(scales[code], by_scale[code], one_pair=one_pair) for code in scales if code in by_scale),
    )


def _on_scale(scale: Scale, units: Mapping[tuple[int | None, ...], int], *, one_pair: bool) -> OnScale:
    metric = metric_for(scale)
    weighting = Weighting.UNWEIGHTED if metric is Metric.NOMINAL else Weighting.LINEAR
    return OnScale(scale, metric, alpha(units, metric), kappa(units, scale.values, weighting) if one_pair else None)


def share_words(share: Measured) -> str:
    """82%, cut to whole percents so that nothing is called full agreement that is not; or that it is not known."""
    return f"{int(share.value * 100)}%" if share.value is not None else "Not known"


def coefficient_words(found: Measured) -> str:
    """0.82, to two places; or that it is undefined. Nothing short of full agreement is written 1.00."""
    if found.value is None:
        return "Undefined"
    hundredths = round(found.value * 100) if found.value == 1 else min(round(found.value * 100), 99)
    return f"{'−' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"

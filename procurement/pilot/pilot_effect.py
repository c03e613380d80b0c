"""The effect of a pilot by difference in differences, with an interval that holds with few pairs and shared suppliers.

The coin was flipped within pairs, so pairs are what varies: the standard error is that of the pairs' differences, with
Satterthwaite's degrees of freedom (`cluster_robust`); in simulations that plant an effect (`benchmarks/pilot.py`) it
keeps its level. Serial correlation needs no model: each pair enters with one number.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.pilot.pair_differences import Scale
from procurement.pilot.paired_outcomes import (
    Cluster,
    PairedOutcomes,
    PilotCounts,
    PilotWindow,
    estimated,
    paired_outcomes,
)
from procurement.pilot.parallel_trends import ParallelTrends, difference_by_period, parallel_trends


@dataclass(frozen=True)
class Interval:
    """A figure and the ends of its interval; an effect below zero is a fall."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class PilotEffect:
    """Effect of a pilot.

    Attributes
    ----------
    scale, level : of the effect, and of all intervals
    effect : on the scale: the outcome's unit per unit and period (`level`), or a difference of logs
    error, df, p_value : standard error and degrees of freedom of `effect`; two-sided test of no effect
    percent : the effect as a share of what the pilot units would have had; NaN where that is not above zero
    per_period : all pilot units together, in the outcome's unit a period; for `log` as if all changed alike
    total : that over the periods after the start
    trends : placebo before the start; none where there are too few periods
    path : the difference in every period, see `difference_by_period`
    """

    scale: Scale
    level: float
    effect: Interval
    error: float
    df: float
    p_value: float
    percent: Interval
    per_period: Interval
    total: Interval
    trends: ParallelTrends | None
    path: pd.DataFrame
    counts: PilotCounts


def pilot_effect(
    panel: pd.DataFrame,
    groups: pd.DataFrame,
    window: PilotWindow,
    *,
    scale: Scale = "ratio",
    level: float = 0.9,
    cluster: Cluster = "pair",
) -> PilotEffect:
    """Measure the effect on the outcome `y` of `panel` (`unit`, `ds`, `y`) between the groups of `matched_groups`.

    A unit counts that has half the periods before and half those after; a pair that has a counted unit on both sides.
    `cluster="supplier"` joins pairs that share a supplier (`supplier_id` in `groups`): for groups that no coin chose.

    Raises
    ------
    DataError
        no period before or after the start, fewer than two pairs or clusters, a negative outcome on `log` or `ratio`,
        a group's sum that is zero on `ratio`, a level outside 0..1, columns missing
    """
    if not 0 < level < 1:
        raise DataError(f"level of the interval is {level}, expected a number between 0 and 1")
    paired, counts = paired_outcomes(panel, groups, window, scale=scale, cluster=cluster)
    before, after = paired.windows()
    found, _ = estimated(paired, before, after, scale)
    if np.isnan(found.error):
        raise DataError(
            "outcome panel: a group's outcomes sum to zero, or one pair has all of them; measure on the scale level"
        )
    estimate, half = float(found.estimate), float(found.half_width(level))
    effect = np.array([estimate, estimate - half, estimate + half])
    percent, per_period = _in_share_and_sum(effect, paired, after, scale)
    return PilotEffect(
        scale=scale,
        level=level,
        effect=_interval(effect),
        error=float(found.error),
        df=float(found.df),
        p_value=float(found.p_value()),
        percent=_interval(percent),
        per_period=_interval(per_period),
        total=_interval(per_period * counts.periods_after),
        trends=parallel_trends(paired, scale=scale, level=level),
        path=difference_by_period(paired, scale=scale, level=level),
        counts=counts,
    )


def _in_share_and_sum(
    effect: Array, paired: PairedOutcomes, after: Array, scale: Scale
) -> tuple[Array, Array]:
    """The effect as a share of what would have been, and of all pilot units together a period."""
    pilot = paired.side == 0
    came = float(after[pilot].sum())
    if scale != "level":
        percent = np.expm1(effect)
        return percent, came * -np.expm1(-effect)
    summed = effect * pilot.sum()
    without = came - summed
    percent = np.divide(summed, without, out=np.full(3, np.nan), where=without > 0)
    return percent, summed


def _interval(figures: Array) -> Interval:
    return Interval(*(float(each) for each in figures))

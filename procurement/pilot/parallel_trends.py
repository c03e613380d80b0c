"""Whether pilot and hold-out ran in parallel before the start, and how far they were apart in every period.

The placebo takes the middle of the time before the start for the start: what it finds cannot be the pilot's doing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from procurement.pilot.outcome_panel import window_means
from procurement.pilot.pair_differences import Scale
from procurement.pilot.paired_outcomes import PairedOutcomes, estimated

_DOUBT = 0.1
"""p-value of the placebo below which the groups are not said to have run in parallel."""
_LEAST_PERIODS = 4


@dataclass(frozen=True)
class ParallelTrends:
    """The placebo's effect with its interval, on the scale of the effect (logs for `log`, `ratio`), and its p-value."""

    estimate: float
    low: float
    high: float
    p_value: float

    @property
    def parallel(self) -> bool:
        """Whether the placebo gives no reason for doubt."""
        return self.p_value >= _DOUBT


def parallel_trends(paired: PairedOutcomes, *, scale: Scale, level: float) -> ParallelTrends | None:
    """Effect of a pilot that did not happen, started in the middle of the time before; none of fewer than 4 periods."""
    if paired.before < _LEAST_PERIODS:
        return None
    middle = paired.before // 2
    halves = paired.y[:, :middle], paired.y[:, middle : paired.before]
    found, _ = estimated(paired, window_means(halves[0]), window_means(halves[1]), scale)
    if np.isnan(found.error):
        return None
    estimate, half = float(found.estimate), float(found.half_width(level))
    return ParallelTrends(estimate, estimate - half, estimate + half, float(found.p_value()))


def difference_by_period(paired: PairedOutcomes, *, scale: Scale, level: float) -> pd.DataFrame:
    """Difference of pilot and hold-out in every period against the mean of the time before, with intervals.

    Columns `ds`, `difference`, `low`, `high` (on the effect's scale), `pairs`, `after`. A unit counts in the periods it
    has; on the scale `log`, where its outcome is above zero. Intervals hold for one period each, not for the path; NaN
    where fewer than two pairs are left.
    """
    before = window_means(paired.y[:, : paired.before])
    found, pairs = estimated(paired, before, paired.y.T, scale)
    half = found.half_width(level)
    difference = np.where(np.isnan(half), np.nan, found.estimate)
    return pd.DataFrame(
        {
            "ds": paired.ds,
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
            "pairs": pairs,
            "after": np.arange(len(paired.ds)) >= paired.before,
        }
    )

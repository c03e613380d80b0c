"""Rates of the last months beside those of before: whether a supplier's scorecard has fallen."""

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from suppliers.confidence_intervals import PRIOR_ORDERS, TAIL, effective_count

RECENT_DAYS = 90.0
"""Days that count as recent."""

_FEWEST = 10
"""Lines, or independent units, on either side from which a rate is compared."""


def recent_rates(lines: pd.DataFrame, *, promises_lost: bool) -> pd.DataFrame:
    """Rates of what was ordered in the last `RECENT_DAYS` and before, by supplier_id.

    Parameters
    ----------
    lines : frame of `suppliers.scorecard_lines.scorecard_lines`
    promises_lost : first promises are not known, so that nothing can be said of punctuality

    Returns
    -------
    DataFrame
        on_time_before, on_time_now, on_time_now_low, on_time_now_high and the same of defect_rate: shares, the recent
        ones drawn towards the supplier's own earlier, with 90 % intervals; NaN with fewer than ten orders on a side
    """
    recent = lines["age"] <= RECENT_DAYS
    on_time = pd.Series(np.nan, lines.index) if promises_lost else lines["on_time"]
    punctual = _compared(on_time, on_time.notna().astype(float), lines["supplier_id"], recent)
    sound = _compared(lines["rejected"], lines["inspected"], lines["supplier_id"], recent)
    return punctual.add_prefix("on_time_").join(sound.add_prefix("defect_rate_"), how="outer")


def _compared(
    top: pd.Series, bottom: pd.Series, supplier: pd.Series, recent: "pd.Series[bool]"
) -> pd.DataFrame:
    """Rates Σtop / Σbottom by supplier: before, now, now_low, now_high."""
    sums = {}
    for name, rows in (("before", ~recent), ("now", recent)):
        part = pd.DataFrame({"top": top[rows], "bottom": bottom[rows]}).groupby(supplier[rows]).sum()
        trials = effective_count(top[rows], bottom[rows], supplier[rows]).reindex(part.index).fillna(0.0)
        sums[name] = part.assign(trials=trials, rate=part["top"] / part["bottom"].where(part["bottom"] > 0))
    both = sums["before"].join(sums["now"], how="inner", lsuffix="_before", rsuffix="_now")
    both = both[(both["trials_before"] >= _FEWEST) & (both["trials_now"] >= _FEWEST)]
    prior, n = both["rate_before"].clip(0.005, 0.995), both["trials_now"]
    good = both["rate_now"].clip(0, 1) * n
    a, b = good + PRIOR_ORDERS * prior, n - good + PRIOR_ORDERS * (1 - prior)
    return pd.DataFrame(
        {
            "before": both["rate_before"],
            "now": a / (a + b),
            "now_low": betaincinv(a, b, TAIL),
            "now_high": betaincinv(a, b, 1 - TAIL),
        },
        index=both.index.rename("supplier_id"),
    )

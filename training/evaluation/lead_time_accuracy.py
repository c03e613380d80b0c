"""Accuracy of the backtest's lead-time distributions, by kind of order and by supplier."""

import pandas as pd

from distributions.pinball import pinball_loss
from training.evaluation.backtest_frames import QUANTILES

_MEANS = ["pinball", "coverage_90", "bias", "actual"]


def score_lead_times(lead_times: pd.DataFrame) -> pd.DataFrame:
    """Lead-time accuracy per kind (new, open) and supplier_id ("" for all): n, pinball, coverage_90, bias, actual.

    pinball: mean over levels and orders, days; bias: mean of forecast − lead time, days; actual: mean lead time, days.
    Orders that have not arrived are left out.

    Parameters
    ----------
    lead_times : backtest frame of `lead_time_backtest.backtest_lead_times`
    """
    rows = lead_times.dropna(subset=["lead_time"])
    y, quantiles = rows["lead_time"].to_numpy(), rows[QUANTILES].to_numpy()
    scored = pd.DataFrame(
        {
            "kind": rows["kind"],
            "supplier_id": rows["supplier_id"],
            "pinball": pinball_loss(y, quantiles),
            "coverage_90": (quantiles[:, 0] <= y) & (y <= quantiles[:, -1]),
            "bias": rows["mean"] - rows["lead_time"],
            "actual": rows["lead_time"],
        }
    )
    both = pd.concat([scored.assign(supplier_id=""), scored])
    groups = both.groupby(["kind", "supplier_id"])
    table = groups[_MEANS].mean().assign(n=groups.size())
    return table.reset_index()[["kind", "supplier_id", "n", *_MEANS]]

"""Scores of the champion's lead-time distributions on the orders that have come, or should have, since training."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS
from distributions.pinball import pinball_loss
from models.protocols import LeadTimeModel

SCORE_NAMES = ["late", "pinball", "coverage_80", "coverage_90", "bias", "actual"]
"""late: still open after its q0.95; pinball, bias (forecast − actual), actual: days; coverage: inside the interval."""

SUPPLIER_COLUMNS = ["kind", "supplier_id", "n", *SCORE_NAMES]

_DAY = pd.Timedelta(days=1)


def score_due_orders(
    model: LeadTimeModel, orders: pd.DataFrame, *, trained: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Score the lead times of order lines whose q0.95 has passed: kind, supplier_id and `SCORE_NAMES`.

    Lines placed after training are `new`, those open on that day are `open` and forecast given their age. Received
    ones alone would be the quick ones, and the model would seem to expect too long; so a line counts from the day by
    which it should have come at 95 %, whether it has come or not. One still open then is late: it counts with its
    age.

    Parameters
    ----------
    orders : frame of `features.orders.order_history.order_history` on `as_of`
    trained : the day up to which the champion knew orders
    """
    known = orders[orders["duration"].notna()]
    age = _days_between(known["ordered_at"], trained)
    scored = known[(age < 0) | (known["duration"] > age)].reset_index(drop=True)
    if not len(scored):
        return pd.DataFrame(columns=["kind", "supplier_id", *SCORE_NAMES])
    kind = np.where(scored["ordered_at"] > trained, "new", "open")
    mean, quantiles = _forecast_at_training(model, scored, kind, trained)
    y = scored["duration"].to_numpy(float)
    rows = pd.DataFrame(
        {
            "kind": kind, "supplier_id": scored["supplier_id"], "late": scored["is_open"].astype(float),
            "pinball": pinball_loss(y, quantiles), "coverage_80": (quantiles[:, 1] <= y) & (y <= quantiles[:, -2]),
            "coverage_90": (quantiles[:, 0] <= y) & (y <= quantiles[:, -1]), "bias": mean - y, "actual": y,
        }
    )  # fmt: skip
    waited = _days_between(scored["ordered_at"], as_of).to_numpy()
    return rows[waited >= quantiles[:, -1]].reset_index(drop=True)


def _days_between(ordered_at: pd.Series, day: pd.Timestamp) -> pd.Series:
    return (day - ordered_at) / _DAY


def _forecast_at_training(
    model: LeadTimeModel, orders: pd.DataFrame, kind: NDArray[np.str_], trained: pd.Timestamp
) -> tuple[Array, Array]:
    """Mean (n,) and quantiles (n, 19) of lead times in days as of training; open orders' given their age then."""
    distribution = model.predict(orders.drop(columns="repromised_at", errors="ignore"))  # announced since
    age = _days_between(orders["ordered_at"], trained).clip(lower=0.0).to_numpy()
    given_age = distribution.above(age)
    is_open = kind == "open"
    levels = np.tile(BACKTEST_LEVELS, (len(orders), 1))
    quantiles = np.where(is_open[:, None], given_age.quantile(levels), distribution.quantile(levels))
    return np.where(is_open, given_age.mean(), distribution.mean()), quantiles


def score_by_supplier(rows: pd.DataFrame) -> pd.DataFrame:
    """Lead-time scores by kind and supplier: columns `SUPPLIER_COLUMNS`; all together ("") first, then the busiest.

    late: number of lines still open; pinball, bias and actual in days, means over lines; coverage: shares.

    Parameters
    ----------
    rows : as `score_due_orders`
    """
    if not len(rows):
        return pd.DataFrame({name: pd.Series(dtype=float) for name in SUPPLIER_COLUMNS})
    groups = pd.concat([rows.assign(supplier_id=""), rows]).groupby(["kind", "supplier_id"])
    means = groups[SCORE_NAMES[1:]].mean()
    table = means.assign(n=groups.size(), late=groups["late"].sum()).reset_index()
    table = table.assign(one_supplier=table["supplier_id"] != "")
    ordered = table.sort_values(
        ["one_supplier", "n", "kind", "supplier_id"], ascending=[True, False, True, True]
    )
    return ordered.reset_index(drop=True)[SUPPLIER_COLUMNS]

"""Internal delay, what the company's own waiting costs: orders not yet sent, goods received but not put away."""

import numpy as np
import pandas as pd

from planning.cost.lane_costs import DAYS_A_YEAR, holding_cost
from planning.inputs import numbers_by_sku

COLUMNS = ["stage", "supplier_id", "lines", "days_mean", "days_p90", "unit_days", "cost"]
STAGES = {"before_sending": ("created_at", "sent_at"), "after_receipt": ("arrived_at", "put_away_at")}
_DAY = pd.Timedelta(days=1)


def internal_delay(
    purchase_orders: pd.DataFrame, items: pd.DataFrame, *, holding_cost_rate: float, period_days: float
) -> pd.DataFrame:
    """Days lost inside the company and what they cost, by stage and supplier ("" for all), `COLUMNS`.

    cost = Σ days × units × holding cost per unit and day: each day an order waits for its sending is a day of demand
    more to be kept on the shelf, and each day goods wait for their place they are held without being of use.
    unit_days is Σ days × units. A stage whose dates are not in the data has no rows; lines with only one of the two
    dates are not counted, nor are negative waits. cost is NaN where no holding cost is known of any unit.

    Parameters
    ----------
    purchase_orders, items : tables of the data contract
    holding_cost_rate : per year, for items without `holding_cost` or a rate of their own
    period_days : length of a demand period, for `items.holding_cost`
    """
    parts = [
        _stage_delay(
            stage, purchase_orders, _holding_cost(purchase_orders, items, holding_cost_rate, period_days)
        )
        for stage in STAGES
    ]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _stage_delay(stage: str, orders: pd.DataFrame, holding: pd.Series) -> pd.DataFrame:
    """Internal delay of one stage by supplier, `COLUMNS`; `holding` is the holding cost of each line."""
    begin, end = STAGES[stage]
    # `received_at` is the receipt unless another date ends the clock
    begins = orders.get(begin, orders["received_at"]) if stage == "after_receipt" else orders.get(begin)
    ends = orders.get(end)
    if begins is None or ends is None:
        return pd.DataFrame(columns=COLUMNS)
    days = (ends - begins) / _DAY
    measured = days >= 0
    rows = pd.DataFrame(
        {
            "supplier_id": orders["supplier_id"],
            "days": days,
            "unit_days": days * orders["quantity_ordered"],
            "cost": days * orders["quantity_ordered"] * holding,
        }
    )[measured]
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    grouped = pd.concat([rows.assign(supplier_id=""), rows]).groupby("supplier_id")
    table = grouped.agg(
        lines=("days", "size"),
        days_mean=("days", "mean"),
        days_p90=("days", lambda values: values.quantile(0.9)),
        unit_days=("unit_days", "sum"),
    )
    return table.assign(cost=grouped["cost"].sum(min_count=1), stage=stage).reset_index()[COLUMNS]


def _holding_cost(orders: pd.DataFrame, items: pd.DataFrame, rate: float, period_days: float) -> pd.Series:
    """Holding cost of a unit and day of each order line, money, NaN where unknown."""
    ids = orders["unique_id"].to_numpy(object)
    cost = numbers_by_sku(items, "unit_cost", ids)
    cost = np.where(np.isnan(cost), orders["unit_price"].to_numpy(float), cost)
    yearly = holding_cost(items, ids, cost, default_rate=rate, period_days=period_days)
    return pd.Series(yearly / DAYS_A_YEAR, index=orders.index)

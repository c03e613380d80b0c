"""What ties money up: safety stock, cycle stock and excess on hand, and the pipeline on its way."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.tables import DataError
from planning.inputs import numbers_by_sku

TIED_UP = ("safety", "cycle", "excess", "pipeline")
"""What ties money up; all but the pipeline lie on hand."""

_YEAR = pd.Timedelta(days=365)


def tied_up(
    plan: pd.DataFrame, excess: pd.DataFrame, unit_cost: "pd.Series[float]", flow: pd.DataFrame
) -> pd.DataFrame:
    """Units and value of each SKU that its policy holds on average, that are excess, and that are on their way.

    Safety stock is the plan's (0 where that is negative), cycle stock half a typical order Q/2, pipeline stock by
    Little's law the expected demand a day × the mean lead time, and excess what is on hand above the most that the
    policy ever holds. `unexplained` is what is on hand beyond safety, cycle and excess: stock between what the policy
    holds on average and at most, as after a delivery; negative before one, or where the SKU is short of its policy.

    Parameters
    ----------
    plan : as `planning.tables.plan_table` has it: unique_id, on_hand, safety_stock, reorder_point, order_up_to,
        order_quantity; rows without an answer have NaN
    excess : as `planning.stock_review.excess_stock` has it: unique_id, most_needed
    unit_cost : by unique_id
    flow : unique_id, daily_demand (expected units a day), lead_time_days (mean) and order_quantity (of a typical order;
        NaN: the larger of order-up-to level − reorder point and today's order)

    Returns
    -------
    DataFrame
        unique_id, unit_cost, on_hand, `…_units` and `…_value` of `TIED_UP` and of `unexplained`; NaN where not known
    """
    _check(plan, "plan", ["on_hand", "safety_stock", "reorder_point", "order_up_to", "order_quantity"])
    _check(excess, "excess", ["most_needed"])
    _check(flow, "flow", ["daily_demand", "lead_time_days", "order_quantity"])
    ids = plan["unique_id"].to_numpy(object)
    of_plan = {name: plan[name].to_numpy(float) for name in ("on_hand", "safety_stock", "reorder_point")}
    lot, today = (plan[name].to_numpy(float) for name in ("order_up_to", "order_quantity"))
    typical = numbers_by_sku(flow, "order_quantity", ids)
    typical = np.where(np.isnan(typical), np.fmax(lot - of_plan["reorder_point"], today), typical)
    most, on_hand = numbers_by_sku(excess, "most_needed", ids), of_plan["on_hand"]
    demand, days = (numbers_by_sku(flow, name, ids) for name in ("daily_demand", "lead_time_days"))
    units = {
        "safety": np.maximum(of_plan["safety_stock"], 0.0),
        "cycle": typical / 2,
        "excess": np.where(
            np.isnan(most), np.where(np.isnan(on_hand), np.nan, 0.0), np.maximum(on_hand - most, 0.0)
        ),
        "pipeline": demand * days,
    }
    units["unexplained"] = on_hand - units["safety"] - units["cycle"] - units["excess"]
    cost = unit_cost[~unit_cost.index.duplicated()].reindex(ids).to_numpy(float)
    frame: dict[str, Array] = {"unit_cost": cost, "on_hand": on_hand}
    for name, amount in units.items():
        frame |= {f"{name}_units": amount, f"{name}_value": amount * cost}
    return pd.DataFrame({"unique_id": ids} | frame)


def tied_up_total(by_sku: pd.DataFrame) -> pd.DataFrame:
    """Value tied up in all SKUs, a row for each of `TIED_UP` and `unexplained`: part, value, skus_unknown."""
    parts = [*TIED_UP, "unexplained"]
    return pd.DataFrame(
        {
            "part": parts,
            "value": [float(by_sku[f"{part}_value"].sum()) for part in parts],
            "skus_unknown": [int(by_sku[f"{part}_value"].isna().sum()) for part in parts],
        }
    )


def typical_order_quantity(orders: pd.DataFrame, as_of: pd.Timestamp) -> "pd.Series[float]":
    """Median units of an order line of the year up to `as_of`, by unique_id.

    `orders`: purchase orders or the order history: unique_id, ordered_at, quantity_ordered.
    """
    recent = orders[(orders["ordered_at"] <= as_of) & (orders["ordered_at"] > as_of - _YEAR)]
    return recent.groupby("unique_id")["quantity_ordered"].median().astype(float)


def _check(frame: pd.DataFrame, name: str, columns: list[str]) -> None:
    missing = [column for column in ["unique_id", *columns] if column not in frame]
    if missing:
        raise DataError(f"{name} has no column {missing[0]!r}; give unique_id, {', '.join(columns)}")

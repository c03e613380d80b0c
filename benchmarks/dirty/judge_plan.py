"""Whether a plan is one that a planner could sign: finite numbers, orders that can be placed, no date in the past."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.dirty.outcome import Failure
from planning.planner import Plan

_NOT_NEGATIVE = (
    "on_hand", "on_order", "cover", "expected_lead_time_demand", "reorder_point", "order_up_to", "order_quantity",
    "stockout_probability", "expected_shortage", "expected_cost", "unit_price",
)  # fmt: skip
_NEEDED = ("expected_lead_time_demand", "safety_stock", "reorder_point", "order_up_to")
_OF_STOCK = ("on_hand", "inventory_position", "order_quantity", "stockout_probability", "expected_shortage")
_SLACK = 1e-6


def judge_plan(plan: Plan, offers: pd.DataFrame) -> Iterator[Failure]:
    """Failures of the tables of a plan; `offers` are the good ones it was made from."""
    for name in ("plan", "lead_time", "actions", "projection", "open_orders"):
        yield from _infinite(name, getattr(plan, name))
    answered = plan.plan[plan.plan["expected_lead_time_demand"].notna()]
    yield from _numbers(answered)
    day = answered["as_of"].max()
    begun = offers["valid_from"].isna() | (offers["valid_from"] <= day)
    yield from _quantities(answered, offers[begun & ~(offers["valid_to"] < day)])
    yield from _first(answered, answered["order_by"] < answered["as_of"], "order_by in the past", "order_by")
    more = answered["expected_shortage"] > answered["expected_lead_time_demand"] * (1 + _SLACK) + _SLACK
    yield from _first(answered, more, "more short than demanded", "expected_shortage")
    risky = (answered["stockout_probability"] > 0.999) & answered["reason"].str.startswith("No order needed")
    yield from _first(answered, risky, "no order beside a sure stockout", "reason")


def _infinite(name: str, frame: pd.DataFrame) -> Iterator[Failure]:
    for column in frame.select_dtypes("number"):
        values = frame[column].to_numpy(float, na_value=np.nan)
        if np.isinf(values).any():
            yield Failure("bad plan", f"{name}.{column}", "infinite")


def _numbers(plan: pd.DataFrame) -> Iterator[Failure]:
    for column in _NOT_NEGATIVE:
        yield from _first(plan, plan[column] < 0, f"negative {column}", column)
    for column in _NEEDED:
        yield from _first(plan, plan[column].isna(), f"empty {column}", column)
    counted = plan["on_hand"].notna()
    for column in _OF_STOCK:
        yield from _first(plan, plan[column].isna() & counted, f"empty {column}", column)
    below = plan["order_up_to"] < plan["reorder_point"] - _SLACK
    yield from _first(plan, below, "order_up_to below the reorder point", "order_up_to")
    yield from _first(
        plan, plan["stockout_probability"] > 1 + _SLACK, "probability above 1", "stockout_probability"
    )


def _quantities(plan: pd.DataFrame, offers: pd.DataFrame) -> Iterator[Failure]:
    """An order is zero, or fits the MOQ, multiple and maximum of a valid offer of its supplier, if there is one."""
    terms = ["moq", "order_multiple", "max_quantity"]
    ordered = plan.loc[plan["order_quantity"] > 0, ["unique_id", "supplier_id", "order_quantity", "reason"]]
    lanes = ordered.merge(offers[["unique_id", "supplier_id", *terms]], "left", ["unique_id", "supplier_id"])
    q, multiple = lanes["order_quantity"], lanes["order_multiple"].fillna(0)
    steps = (q / multiple.where(multiple > 0)).fillna(0)
    fits = (
        (q >= lanes["moq"].fillna(0) * (1 - _SLACK))
        & (q <= lanes["max_quantity"].fillna(np.inf) * (1 + _SLACK))
        & ((steps - steps.round()).abs() <= _SLACK * steps.clip(lower=1))
    )
    best = fits.groupby(lanes["unique_id"]).transform("any")  # several offers of one supplier: one has to fit
    yield from _first(lanes, ~best, "order against its terms", "order_quantity")


def _first(plan: pd.DataFrame, rows: pd.Series, what: str, column: str) -> Iterator[Failure]:
    """A failure with the first SKU among `rows`."""
    if rows.any():
        row = plan[rows].iloc[0]
        facts = {
            name: value for name, value in row.items() if name not in ("as_of", "codes") and value is not None
        }
        yield Failure(
            "bad plan",
            what,
            f"{rows.sum()} SKUs, first {row['unique_id']}: {column} {row[column]!r}; {facts}"[:900],
        )

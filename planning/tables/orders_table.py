"""The plan's table of orders: one row a supplier with lines today, or with a reason to wait; and the budgets' use."""

from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.lanes.sending_days import SendingDays
from planning.orders.joint_orders import JointOrders
from planning.tables.dates import dates_after
from planning.tables.order_reasons import order_reasons

ORDERS = {
    "supplier_id": "object", "lines": "int64", "units": "float64", "goods": "float64", "freight": "float64",
    "ordering_cost": "float64", "landed": "float64", "weight": "float64", "volume": "float64",
    "pallets": "float64", "minimum_value": "float64", "minimum_quantity": "float64", "minimum_met": "boolean",
    "free_freight_from": "float64", "free_freight_met": "boolean", "capacity_share": "float64",
    "order_on": "datetime64[ns]", "order_by": "datetime64[ns]", "urgency": "float64", "budget": "object",
    "waits": "bool", "why": "object",
}  # fmt: skip
"""Column of the table of orders → dtype."""
BUDGET_USE = {
    "budget": "object", "category": "object", "supplier_id": "object", "amount": "float64", "spent": "float64",
    "wanted": "float64", "ordered": "float64", "binds": "bool", "saves": "float64", "department": "object",
}  # fmt: skip
"""Column of the table of budgets → dtype."""
_LONGEST_WAIT = 364.0


def no_orders() -> pd.DataFrame:
    """The table of orders without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in ORDERS.items()})


def no_budget_use() -> pd.DataFrame:
    """The table of budgets without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in BUDGET_USE.items()})


def orders_frame(assessment: Assessment, orders: JointOrders, lines: pd.DataFrame) -> pd.DataFrame:
    """The orders of today, one row a supplier, the most urgent first.

    Parameters
    ----------
    lines : frame of `planning.tables.order_lines_table.order_lines_frame`

    Returns
    -------
    DataFrame
        `ORDERS`, as `docs/files.md` says of `orders.parquet`
    """
    state, kept = orders.state, orders.kept.orders
    terms, count = state.suppliers, len(state.suppliers)
    sums = lines.groupby("supplier_id")[["weight", "volume", "pallets"]].sum(min_count=1)
    loads = sums.reindex(terms.supplier_id).to_numpy(float)
    goes, value, units = kept.units(count) > 0, kept.value(count), kept.units(count)
    line_cost = kept.per_supplier((orders.quantity > 0) * state.terms.costs.ordering, count)
    ordering = np.where(goes, terms.ordering_cost, 0.0) + line_cost
    wait = _wait_days(assessment, orders)
    own = lines.groupby("supplier_id")[["order_on", "order_by"]].min().reindex(terms.supplier_id)
    later = dates_after(assessment.setting.as_of, wait)
    share = kept.shares(terms).max(axis=1)
    has_minimum = (terms.minimum_value > 0) | (terms.minimum_quantity > 0)
    frame = pd.DataFrame(
        {
            "supplier_id": terms.supplier_id,
            "lines": kept.per_supplier((orders.quantity > 0).astype(float), count).astype(int),
            "units": units,
            "goods": value,
            "freight": orders.freight,
            "ordering_cost": ordering,
            "landed": value + orders.freight + ordering,
            "weight": loads[:, 0],
            "volume": loads[:, 1],
            "pallets": loads[:, 2],
            "minimum_value": np.where(terms.minimum_value > 0, terms.minimum_value, np.nan),
            "minimum_quantity": np.where(terms.minimum_quantity > 0, terms.minimum_quantity, np.nan),
            "minimum_met": _known_flags(terms.minimum_met(value, units), has_minimum),
            "free_freight_from": np.where(np.isfinite(terms.free_from), terms.free_from, np.nan),
            "free_freight_met": _known_flags(value >= terms.free_from, np.isfinite(terms.free_from)),
            "capacity_share": np.where(np.isfinite(terms.capacity).any(axis=1), share, np.nan),
            "order_on": own["order_on"].fillna(pd.Series(later, own.index)).to_numpy(),
            "order_by": own["order_by"].fillna(pd.Series(later, own.index)).to_numpy(),
            "urgency": np.bincount(state.supplier, orders.at_risk, count) / state.review,
            "budget": _binding_budget(orders),
            "waits": orders.waits,
            "why": order_reasons(orders, wait, currency=assessment.inputs.currency),
        }
    )
    shown = frame[goes | orders.waits]
    return shown.astype(ORDERS).sort_values(
        ["urgency", "supplier_id"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _known_flags(flags: NDArray[np.bool_], known: NDArray[np.bool_]) -> pd.Series:
    """Flags of the orders (S,), NA where they are not `known`."""
    return pd.Series(flags).astype("boolean").where(known)


def _wait_days(assessment: Assessment, orders: JointOrders) -> Array:
    """Days (S,) for which the order of each supplier waits; NaN where it goes.

    Until enough is expected to be due, at most until the first of its lines has to be ordered.
    """
    state, count = orders.state, len(orders.state.suppliers)
    safe = np.full(count, np.inf)
    wanted = state.alone > 0
    wait = assessment.decision.wait[state.row]
    np.minimum.at(safe, state.supplier[wanted], wait[wanted])
    wait = np.maximum(np.minimum(orders.wait_days, safe), state.review)
    first = np.unique(state.supplier, return_index=True)[1]
    order_days, closures = state.terms.lanes["order_days"].iloc[first].tolist(), assessment.inputs.closures
    sending = SendingDays.of(order_days, state.suppliers.supplier_id, closures, assessment.setting.as_of)
    return np.where(orders.waits, sending.first(np.minimum(wait, _LONGEST_WAIT)), np.nan)


def _binding_budget(orders: JointOrders) -> list[str]:
    """Name of a budget that cuts an order of each supplier (S,); empty where none does."""
    names = [""] * len(orders.state.suppliers)
    bound = orders.kept.bound_by
    for row in np.flatnonzero(bound != ""):
        names[orders.state.supplier[row]] = str(bound[row])
    return names


def budget_use_frame(orders: JointOrders) -> pd.DataFrame:
    """The budgets of today's period: what was spent, wanted and ordered, and what 100 more money would save."""
    rows = []
    for use in orders.kept.uses:
        facts = asdict(use.budget)
        rows.append(
            {"budget": facts.pop("name"), **facts}
            | {"wanted": use.wanted, "ordered": use.ordered, "binds": use.binds, "saves": use.saves}
        )
    return pd.DataFrame(rows, columns=list(BUDGET_USE)).astype(BUDGET_USE)

"""Budgets: what a period's money may still buy, and which lines it buys: those that are worth most a unit of it.

Spent is what was ordered in the period: the value of every order line placed in it, received or still open; of a line
that was cancelled or closed short what came. Orders placed here count from the day they are approved, and once the
ERP's table shows them as it has them. A budget binds today's orders together with what is spent; where several
hold for a line, each in the order of the table.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.budget_period import budget_period
from distributions.distribution import Array
from planning.inputs import texts_by_sku
from planning.orders.allocation import Choices, at_most, exactly_at_most, least_cost
from planning.orders.fill_up import Orders

_STEPS = 16
_SMALL = 14
"""Lines up to which a budget is spent exactly."""
PRICED = 100.0
"""Money, of which it is said what that much more would save."""


@dataclass(frozen=True)
class Budget:
    """A budget of the period that today lies in.

    Attributes
    ----------
    name : as people call it: period, category, supplier and department
    category, supplier_id, department : whose orders count; None: all
    amount, spent : money of the period, and what was ordered in it so far
    """

    name: str
    category: str | None
    supplier_id: str | None
    amount: float
    spent: float
    department: str | None = None

    @property
    def left(self) -> float:
        """Money that is left of the budget today."""
        return max(self.amount - self.spent, 0.0)


@dataclass(frozen=True)
class BudgetUse:
    """What today's orders make of a budget: `wanted` and `ordered` money, and what `PRICED` more would save."""

    budget: Budget
    wanted: float
    ordered: float
    saves: float

    @property
    def binds(self) -> bool:
        """Whether less is ordered than would be without the budget."""
        return self.wanted > self.budget.left + 1e-9


def with_placed_here(purchase_orders: pd.DataFrame, open_orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines that budgets pay for: the ERP's, and open ones that were placed here and it does not show yet."""
    key = ["order_id", "unique_id"]
    if open_orders.empty or not {*key, "unit_price"} <= set(open_orders.columns):
        return purchase_orders
    if len(purchase_orders) and not set(key) <= set(purchase_orders.columns):
        return purchase_orders
    if purchase_orders.empty:
        return open_orders
    shown = pd.MultiIndex.from_frame(purchase_orders[key].astype(str))
    ours = open_orders[~pd.MultiIndex.from_frame(open_orders[key].astype(str)).isin(shown)]
    names = [name for name in purchase_orders.columns if name in ours.columns]
    return pd.concat([purchase_orders, ours[names]], ignore_index=True) if len(ours) else purchase_orders


def budgets_of_today(
    budgets: pd.DataFrame, purchase_orders: pd.DataFrame, items: pd.DataFrame, as_of: pd.Timestamp
) -> list[Budget]:
    """The budgets whose period `as_of` lies in, with what was spent of each by the end of that day.

    A line of `purchase_orders` counts for the budgets of its `department`, as
    `features.orders.line_department.line_department` says; for one without, or placed here, that of `items`.
    """
    found = []
    for row in budgets.to_dict("records"):
        period = budget_period(str(row["period"]))
        if period is None or not period[0] <= as_of.date() < period[1]:
            continue
        category, supplier, department = (
            None if pd.isna(row.get(column)) else str(row[column])
            for column in ("category", "supplier_id", "department")
        )
        lines = purchase_orders
        if len(lines):
            placed = lines["ordered_at"]
            until = as_of.normalize() + pd.Timedelta(days=1)
            lines = lines[(placed >= pd.Timestamp(period[0])) & (placed < until)]
        if supplier is not None and len(lines):
            lines = lines[lines["supplier_id"] == supplier]
        if category is not None and len(lines):
            lines = lines[lines["unique_id"].isin(items.loc[items["category"] == category, "unique_id"])]
        if department is not None and len(lines):
            lines = lines[_departments(lines, items) == department]
        name = " · ".join([str(row["period"]), *(part for part in (category, supplier, department) if part)])
        found.append(Budget(name, category, supplier, float(row["amount"]), _spent(lines), department))
    return found


def _departments(lines: pd.DataFrame, items: pd.DataFrame) -> NDArray[np.object_]:
    """Department (n,) of each of the `lines` that budgets pay for: its own, else that of its SKU."""
    of_sku = texts_by_sku(items, "department", lines["unique_id"].to_numpy(object))
    if "department" not in lines:
        return of_sku
    own = lines["department"].to_numpy(object)
    return np.asarray(np.where(pd.notna(own), own, of_sku), dtype=object)


def _spent(lines: pd.DataFrame) -> float:
    """Money of a budget that its order `lines` cost."""
    if not len(lines) or "unit_price" not in lines:
        return 0.0
    came = lines.get("quantity_received", pd.Series(np.nan, lines.index)).fillna(0.0)
    status = lines.get("status", pd.Series(None, lines.index, dtype=object))
    units = lines["quantity_ordered"].where(~status.isin(["cancelled", "closed"]), came)
    units = units.where(status != "draft", 0.0)
    return float((units * lines["unit_price"]).sum())


def within_budget(orders: Orders, rows: NDArray[np.intp], budget: Budget) -> tuple[Array, BudgetUse]:
    """Quantities (m,) with which the lines `rows` of a budget keep within what is left of it, and its use."""
    rows = rows[orders.quantity[rows] > 0]
    lines = orders.worth.select(rows)
    high = orders.quantity[rows]
    money = high * lines.price(high)
    wanted, left = float(money.sum()), budget.left
    if wanted <= left + 1e-9:
        return orders.quantity, BudgetUse(budget, wanted, wanted, 0.0)
    low, group = np.where(orders.settled[rows], high, 0.0), np.zeros(len(rows), np.intp)
    choices = Choices.between(lines, low, high, np.full(len(rows), np.nan), group, steps=_STEPS)
    chosen = at_most(choices, np.array([left])).chosen
    exact = exactly_at_most(choices, left) if len(rows) <= _SMALL else None
    if exact is not None:
        chosen = exact
    bounds = (left, min(left + PRICED, wanted))
    first, second = (float(least_cost(choices, np.array([bound]))[0]) for bound in bounds)
    quantity = orders.quantity.copy()
    quantity[rows] = choices.take(choices.quantity, chosen)
    ordered = float(choices.take(choices.measure, chosen).sum())
    return quantity, BudgetUse(budget, wanted, ordered, max(first - second, 0.0))

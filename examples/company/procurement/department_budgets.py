"""Simulated: budgets of the departments: months of 2017 close to what was spent, and a quarter ahead that is ample.

Most months have 2 to 12 % more than was spent, one in eight 40 % more, and two months of large spend too little.
"""

import numpy as np
import pandas as pd

_USUAL, _AMPLE, _SHORT = (1.02, 1.12), 1.4, 0.85
_AMPLE_SHARE = 1 / 8
_OVERSHOT = 2
_NEXT, _LEAST = 10.0, 10_000.0
"""The coming quarter's budget: so many times the largest quarter's spend, and at least so much money."""


def make_department_budgets(
    orders: pd.DataFrame, items: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The demo's table `budgets` by department, from the orders with their `department`."""
    value = orders["quantity_ordered"] * orders["unit_price"]
    month, quarter = orders["ordered_at"].dt.to_period("M"), orders["ordered_at"].dt.to_period("Q")
    spent = value.groupby([month.astype(str), orders["department"]]).sum().rename("spent").reset_index()
    spent = spent.set_axis(["period", "department", "spent"], axis=1)
    factor = rng.uniform(*_USUAL, len(spent))
    factor = np.where(rng.random(len(spent)) < _AMPLE_SHARE, _AMPLE, factor)
    large = np.argsort(-spent["spent"].to_numpy(), kind="stable")[: len(spent) // 4]
    factor[rng.choice(large, _OVERSHOT, replace=False)] = _SHORT
    past = spent.assign(amount=np.maximum(1.0, (spent["spent"] * factor).round(0)))
    most = value.groupby([quarter, orders["department"]]).sum().groupby(level=1).max()
    names = np.sort(items["department"].dropna().unique())
    coming = np.ceil(np.maximum(_NEXT * most.reindex(names).fillna(0.0), _LEAST) / 1000) * 1000
    year = int(orders["ordered_at"].max().year) + 1
    ahead = pd.DataFrame({"period": f"{year}-Q1", "department": names, "amount": coming.to_numpy()})
    return pd.concat([past[["period", "amount", "department"]], ahead], ignore_index=True)

"""Simulated: which department and site an order is for, who asked for it and who approved it.

An order is asked for by the department (real: of the products) of its largest line, for one of four sites. Each
department has four buyers and a head. An order above the approval limit is approved by the head, any other by a
colleague of the buyer, on the day of the order or the day before.
"""

import numpy as np
import pandas as pd

SITES = ("north", "harbour", "old_town", "airport")
_SITE_SHARES = (0.4, 0.3, 0.2, 0.1)
APPROVAL_LIMIT = 500.0
"""Money of an order above which its department's head approves it."""
_BUYERS = 4
_NAMES = ("anna", "ben", "carla", "david", "elif", "finn", "grace", "hugo", "ines", "jonas", "karin", "leo")


def with_requesters(orders: pd.DataFrame, items: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The demo's purchase orders with `department` and `site`, the same for all lines of an order."""
    value = orders["quantity_ordered"] * orders["unit_price"]
    ranked = orders[["order_id", "line", "unique_id"]].assign(value=value)
    ranked = ranked.sort_values(["order_id", "value", "line"], ascending=[True, False, True])
    largest = ranked.drop_duplicates("order_id").set_index("order_id")["unique_id"]
    department = largest.map(items.set_index("unique_id")["department"])
    site = pd.Series(rng.choice(SITES, len(largest), p=_SITE_SHARES), index=largest.index, dtype=object)
    return orders.assign(
        department=orders["order_id"].map(department), site=orders["order_id"].map(site).astype(object)
    )


def make_staff(departments: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """The people of the demo's `departments`: department, rank (0 the head, then the buyers), person."""
    names = np.sort(departments.dropna().unique())
    people = [f"{name}.{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" for name in _NAMES]
    drawn = rng.choice(people, len(names) * (_BUYERS + 1), replace=False)
    return pd.DataFrame(
        {
            "department": np.repeat(names, _BUYERS + 1),
            "rank": np.tile(np.arange(_BUYERS + 1), len(names)),
            "person": drawn.astype(object),
        }
    )


def make_approvals(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The demo's table `approvals`, a row an order of the `orders` with department and site."""
    value = (orders["quantity_ordered"] * orders["unit_price"]).groupby(orders["order_id"]).sum()
    rows = orders.sort_values(["order_id", "line"]).drop_duplicates("order_id").set_index("order_id")
    person = make_staff(orders["department"], rng).set_index(["department", "rank"])["person"]
    buyer = rng.integers(1, _BUYERS + 1, len(rows))
    colleague = 1 + (buyer - 1 + rng.integers(1, _BUYERS, len(rows))) % _BUYERS
    approver = np.where(value.loc[rows.index] > APPROVAL_LIMIT, 0, colleague)
    asked, approved = (
        person.reindex(pd.MultiIndex.from_arrays([rows["department"], rank])).to_numpy(object)
        for rank in (buyer, approver)
    )
    return pd.DataFrame(
        {
            "order_id": rows.index.to_numpy(object),
            "requested_by": asked,
            "department": rows["department"].to_numpy(object),
            "approved_by": approved,
            "at": rows["ordered_at"].to_numpy() - pd.to_timedelta(rng.integers(0, 2, len(rows)), unit="D"),
        }
    )

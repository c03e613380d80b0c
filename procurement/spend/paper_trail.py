"""The paper trail: orders without approval, approved by whoever asked, split below the limit, and wrong invoices."""

import numpy as np
import pandas as pd

from distributions.distribution import Array

SPLIT_DAYS = 3
"""Days within which orders below the limit may be one above it."""

_NEAR = 0.5
_SLACK_SHARE, _SLACK_MONEY = 0.02, 0.05


def order_values(lines: pd.DataFrame) -> pd.DataFrame:
    """Each order once, with the money of its lines and the row of its first one, `amount` and `first_row`."""
    numbered = lines.assign(first_row=np.arange(len(lines)))
    first = numbered.drop_duplicates("order_id").set_index("order_id")
    amount = lines.groupby("order_id")["amount"].sum()
    names = ["supplier_id", "department", "requested_by", "approved_by", "ordered_at", "first_row"]
    return first[names].assign(amount=amount.reindex(first.index)).reset_index()


def without_approval(orders: pd.DataFrame, limit: float) -> pd.Series:
    """Whether an order reaches the approval `limit` and nobody has approved it, (n,)."""
    return (orders["amount"] >= limit) & orders["approved_by"].fillna("").eq("")


def self_approved(orders: pd.DataFrame) -> pd.Series:
    """Whether an order was approved by whoever asked for it, (n,)."""
    asked, approved = orders["requested_by"].fillna(""), orders["approved_by"].fillna("")
    return asked.str.casefold().eq(approved.str.casefold()) & asked.ne("")


def split_orders(orders: pd.DataFrame, lines: pd.DataFrame, limit: float) -> tuple[pd.Series, Array]:
    """Whether an order is one of several of one buyer at one supplier that together pass the `limit`, and its chance.

    They lie within `SPLIT_DAYS`, each below the limit and above half of it, are in sum at least at it, and buy the same
    SKU. The chance is the share of such orders times that of another one so near by, as often as the supplier has them.

    Parameters
    ----------
    orders, lines : as `order_values` makes the one of the other
    """
    near = orders[(orders["amount"] < limit) & (orders["amount"] >= _NEAR * limit)]
    bought = lines[lines["order_id"].isin(near["order_id"])].groupby("order_id")["unique_id"].agg(frozenset)
    who = near["requested_by"].fillna(near["department"]).fillna("")
    day = near["ordered_at"].dt.normalize()
    found = pd.Series(data=False, index=orders.index)
    chance = np.full(len(orders), np.nan)
    span = max((orders["ordered_at"].max() - orders["ordered_at"].min()).days, 1) if len(orders) else 1
    for rows in near.groupby([near["supplier_id"], who], sort=True).groups.values():
        if len(rows) < 2:
            continue
        days = day.loc[rows].sort_values()
        amount = near.loc[days.index, "amount"]
        for index, at in days.items():
            own = bought[near.at[index, "order_id"]]
            close = days[(days - at).abs() <= pd.Timedelta(days=SPLIT_DAYS)].index
            together = [other for other in close if own & bought[near.at[other, "order_id"]]]
            if len(together) > 1 and amount.loc[together].sum() >= limit:
                found.loc[index] = True
                rate = max(len(rows) - len(together), 0.5) * (2 * SPLIT_DAYS + 1) / span
                chance[orders.index.get_loc(index)] = len(near) / len(orders) * min(rate, 1.0)
    return found, chance


def invoiced_twice(invoices: pd.DataFrame) -> pd.Series:
    """Whether an invoice asks for the money of one before it for the same order line, (n,)."""
    line = invoices["line"].fillna("")
    money = invoices["amount"].round(2)
    ordered = invoices.assign(line=line, money=money).sort_values("at", kind="stable")
    again = ordered.duplicated(["order_id", "line", "money"]) & ordered["money"].gt(0)
    return again.reindex(invoices.index)


def invoiced_above(lines: pd.DataFrame, twice: pd.Series, invoices: pd.DataFrame) -> Array:
    """Money by which a line's invoices pass what was ordered, (n,), those asked for `twice` left out; 0 where not.

    Rounding is let be: 2 %, and five hundredths of a unit of money.
    """
    double = invoices[twice & invoices["line"].notna()].groupby(["order_id", "line"])["amount"].sum()
    again = double.reindex(pd.MultiIndex.from_frame(lines[["order_id", "line"]])).fillna(0.0).to_numpy(float)
    over = lines["invoiced"].to_numpy(float) - again - lines["amount"].to_numpy(float)
    slack = np.maximum(_SLACK_SHARE * lines["amount"].to_numpy(float), _SLACK_MONEY)
    return np.where(lines["priced"].to_numpy(bool) & (np.nan_to_num(over) > slack), np.nan_to_num(over), 0.0)

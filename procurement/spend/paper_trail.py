"""The paper trail: orders without approval, approved by whoever asked, split below the limit, and wrong invoices."""

import numpy as np
import pandas as pd

from distributions.distribution import Array

SPLIT_DAYS = 3
"""Days within which orders below the limit may be one above it."""

_NEAR = 0.1
_FAR = 1_000_000
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
    """Whether an order is one of several of one buyer at one supplier that together reach the `limit`, and its chance.

    They buy the same SKU within `SPLIT_DAYS`, each below the limit and at least a tenth of it. The chance is the share
    of such orders times that of another one so near by, as often as the buyer has them there.

    Parameters
    ----------
    orders, lines : as `order_values` makes the one of the other
    """
    found, chance = np.zeros(len(orders), bool), np.full(len(orders), np.nan)
    numbered = orders.assign(number=np.arange(len(orders)))
    near = numbered[(orders["amount"] < limit) & (orders["amount"] >= _NEAR * limit)]
    if near.empty:
        return pd.Series(found, index=orders.index), chance
    who = near["requested_by"].fillna(near["department"]).fillna("")
    goods = lines[["order_id", "unique_id"]].drop_duplicates()
    both = near.assign(who=who)[["order_id", "supplier_id", "who", "ordered_at", "amount", "number"]].merge(
        goods
    )
    both["key"] = both.groupby(["supplier_id", "who", "unique_id"], sort=True).ngroup()
    both["day"] = both["ordered_at"].dt.normalize().to_numpy("datetime64[D]").astype(np.int64)
    both = both.sort_values(["key", "day", "number"], kind="stable")
    key, day = both["key"].to_numpy(np.int64), both["day"].to_numpy(np.int64)
    last = np.searchsorted(key * _FAR + day, key * _FAR + day + SPLIT_DAYS, side="right")
    total = np.concatenate([[0.0], np.cumsum(both["amount"].to_numpy(float))])
    first = np.arange(len(both))
    begins = (last - first > 1) & (total[last] - total[first] >= limit)
    covered = np.zeros(len(both) + 1)
    np.add.at(covered, first[begins], 1)
    np.add.at(covered, last[begins], -1)
    inside = np.cumsum(covered)[:-1] > 0
    sizes = pd.Series(key).map(pd.Series(key).value_counts()).to_numpy(float)
    hits = pd.Series(inside.astype(float)).groupby(key).transform("sum").to_numpy(float)
    span = max(float(day.max() - day.min()), 1.0)
    rate = np.minimum(np.maximum(sizes - hits, 0.5) * (2 * SPLIT_DAYS + 1) / span, 1.0)
    at = both["number"].to_numpy(np.intp)[inside]
    found[at], chance[at] = True, len(near) / len(orders) * rate[inside]
    return pd.Series(found, index=orders.index), chance


def invoiced_twice(invoices: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Whether an invoice asks for the money of one before it for the same order line, (n,).

    Parts of the same size that together do not pass what was ordered are parts, not the same money again.
    """
    line = invoices["line"].fillna("")
    money = invoices["amount"].round(2)
    ordered = invoices.assign(line=line, money=money).sort_values("at", kind="stable")
    again = ordered.duplicated(["order_id", "line", "money"]) & ordered["money"].gt(0)
    due = lines.groupby(["order_id", "line"])["amount"].sum()
    whole = lines.groupby("order_id")["amount"].sum()
    whole.index = pd.MultiIndex.from_arrays([whole.index, np.full(len(whole), "")])
    allowed = pd.concat([due, whole]).groupby(level=[0, 1]).max()
    keys = pd.MultiIndex.from_frame(ordered[["order_id", "line"]])
    asked = ordered.groupby(["order_id", "line"])["amount"].transform("sum").to_numpy(float)
    limit = allowed.reindex(keys).to_numpy(float)
    too_much = ~(asked <= limit + np.maximum(_SLACK_SHARE * np.nan_to_num(limit), _SLACK_MONEY))
    return (again & too_much).reindex(invoices.index)


def invoiced_above(lines: pd.DataFrame, asked: Array) -> Array:
    """Money by which what was `asked` for each line (n,), doubles left out, passes what was ordered; 0 where not.

    Rounding is let be: 2 %, and five hundredths of a unit of money.
    """
    amount = lines["amount"].to_numpy(float)
    over = np.nan_to_num(asked) - amount
    slack = np.maximum(_SLACK_SHARE * amount, _SLACK_MONEY)
    return np.where(lines["priced"].to_numpy(bool) & (over > slack), over, 0.0)

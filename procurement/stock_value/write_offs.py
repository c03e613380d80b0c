"""When goods were written off of which only the sum is known: as they came, as far as later sales did not need them."""

import numpy as np
import pandas as pd

from distributions.distribution import Array


def dated_write_offs(
    moved: pd.DataFrame, unexplained: "pd.Series[float]", as_of: pd.Timestamp
) -> pd.DataFrame:
    """Write-offs of each SKU by month, which sum up to its `unexplained` units, on the last day of the month.

    By the end of month t the W units are written off in proportion to what came, and never what is sold later:
    w(t) = min(W·I(t)/I(T), min over s ≥ t of S(s)), I the units received by then and S = I − units sold. What is left
    is written off with the last movement's month.

    Parameters
    ----------
    moved : unique_id, at and quantity (> 0 in, < 0 out) of receipts and sales
    unexplained : units by unique_id that came, were not sold and are not there; at most what came less what was sold

    Returns
    -------
    DataFrame
        unique_id, at, quantity (< 0)
    """
    gone = unexplained[unexplained > 0]
    if gone.empty:
        return moved.loc[moved.index[:0], ["unique_id", "at", "quantity"]]
    rows = moved.assign(sku=pd.Index(gone.index).get_indexer(moved["unique_id"]))
    rows = rows[rows["sku"] >= 0].assign(sold=rows["quantity"] < 0)
    rows = rows.sort_values(["sku", "at", "sold", "quantity"], kind="stable", ignore_index=True)
    sku = rows["sku"].to_numpy()
    came = rows["quantity"].clip(lower=0.0).groupby(sku).cumsum().to_numpy(float)
    stock = rows["quantity"].groupby(sku).cumsum()
    spare = stock[::-1].groupby(sku[::-1]).cummin()[::-1].to_numpy(float)
    month = rows["at"].to_numpy("datetime64[M]")
    ends = np.flatnonzero(np.append((sku[1:] != sku[:-1]) | (month[1:] != month[:-1]), [True]))
    total: Array = gone.to_numpy(float)[sku[ends]]
    first = np.append([True], sku[ends][1:] != sku[ends][:-1])
    last = np.append(first[1:], [True])
    whole = np.zeros(len(gone))
    whole[sku[ends][last]] = came[ends][last]
    by_then = np.minimum(total * came[ends] / whole[sku[ends]], spare[ends])
    by_then = np.where(last, total, np.clip(by_then, 0.0, total))
    units = np.diff(by_then, prepend=0.0)
    units[first] = by_then[first]
    days = (month[ends] + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    found = pd.DataFrame(
        {
            "unique_id": gone.index.to_numpy(object)[sku[ends]],
            "at": np.minimum(days, np.datetime64(as_of, "D")).astype("datetime64[ns]"),
            "quantity": -units,
        }
    )
    return found[units > 0].reset_index(drop=True)

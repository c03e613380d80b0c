"""Whether a SKU that no mutation touched keeps its plan, whatever stands beside it in the tables."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.dirty.dirty_company import DirtyCompany
from benchmarks.dirty.dirty_table import DirtyTable
from benchmarks.dirty.outcome import Failure

_COLUMNS = ("expected_lead_time_demand", "reorder_point", "order_up_to", "inventory_position")
_LEVELS = ("reorder_point", "order_up_to")
_TOLERANCE, _FLAT = 0.1, 0.3
_FOR_ALL = ("suppliers", "events", "overrides")
"""Tables that speak of every SKU, or of another one once a row is touched."""


def judge_neighbours(company: DirtyCompany, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Failure]:
    """SKUs whose plan moved by more than a tenth from `before` to `after` though nothing of them was touched.

    Not judged where most SKUs were touched: what is typical is then theirs (ten-thousandfold weeks of 20 SKUs in 30
    move what the other ten borrow: season, and volatility where less than a year of it is known).
    """
    if any(_is_touched(company.tables[name]) for name in _FOR_ALL if name in company.tables):
        return
    ids = sorted(set(before["unique_id"]) - touched_skus(company))
    if 2 * len(ids) < len(before) or not after["as_of"].eq(before["as_of"].iloc[0]).all():
        return
    old, new = (frame.set_index("unique_id").reindex(ids) for frame in (before, after))
    for column in _COLUMNS:
        was, now = old[column].to_numpy(float), new[column].to_numpy(float)
        same = np.isclose(was, now, rtol=_TOLERANCE, atol=1.0, equal_nan=True)
        if column in _LEVELS:
            same |= _cheapest(old, new, column)
        if not same.all():
            i = int(np.flatnonzero(~same)[0])
            yield Failure(
                "moved by others",
                column,
                f"{(~same).sum()} of {len(ids)} untouched SKUs, first {ids[i]}: {was[i]:g}, now {now[i]:g}",
            )


def _cheapest(old: pd.DataFrame, new: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """SKUs that perish, at the reorder point that costs least in play in both plans, moved little or at no cost.

    Where cost is flat, its least lies here or there: the level may move by three tenths, or by more where today's
    expected cost stays.
    """
    perish = [plan["codes"].fillna("").str.contains("target_perishes").to_numpy(bool) for plan in (old, new)]
    near = [
        np.isclose(old[name].to_numpy(float), new[name].to_numpy(float), rtol=tolerance, atol=slack)
        for name, tolerance, slack in ((column, _FLAT, 1.0), ("expected_cost", _TOLERANCE, 0.0))
    ]
    return np.asarray(perish[0] & perish[1] & (near[0] | near[1]))


def touched_skus(company: DirtyCompany) -> set[str]:
    """SKUs of the clean company with a row that was touched, left out, or written twice."""
    touched: set[str] = set()
    for table in company.tables.values():
        ids = _ids(company, table)
        if ids is None:
            continue
        rows = np.any([cells > 0 for cells in table.verdicts.values()], axis=0)
        count = np.bincount(table.origin, minlength=len(ids)) if table.stems else np.zeros(len(ids))
        touched |= {*ids[table.origin[rows]], *ids[count != 1]}
    return touched


def _ids(company: DirtyCompany, table: DirtyTable) -> NDArray[np.object_] | None:
    """SKU of each row of the clean table; that of its order line for a receipt."""
    if "unique_id" in table.clean.texts:
        return table.clean.texts["unique_id"]
    if table.name != "receipts":
        return None
    orders, key = company.tables["purchase_orders"].clean.typed, ["order_id", "line"]
    ids = table.clean.typed[key].merge(orders[[*key, "unique_id"]], "left", key)["unique_id"]
    return np.asarray(ids, object)


def _is_touched(table: DirtyTable) -> bool:
    whole = np.array_equal(np.sort(table.origin), np.arange(len(table.clean.typed)))
    return not (whole and table.stems) or any(cells.any() for cells in table.verdicts.values())

"""Gross profit of what was sold, by SKU, category and period, the costing methods side by side."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.stock_value.cost_layers import CostedStock


def gross_profit_by_sku(costed: dict[str, CostedStock], movements: pd.DataFrame) -> pd.DataFrame:
    """Gross profit of each SKU (n rows): revenue − cost of goods sold, by each method.

    Parameters
    ----------
    costed : stock costed by each method, as `cost_layers` has it
    movements : as they were costed, with `unit_price` of the sales

    Returns
    -------
    DataFrame
        unique_id, units_sold, revenue, and of each method `cogs_…`, `gross_profit_…` and `margin_…` (share of the
        revenue, NaN without any); NaN where a price or cost is not known
    """
    base = _any_of(costed)
    sku, _, revenue = _sales(base, movements)
    total = np.bincount(sku, revenue, len(base.unique_ids)).astype(float)
    frame = pd.DataFrame(
        {"unique_id": base.unique_ids, "units_sold": base.units_sold, "revenue": total}
        | {f"cogs_{method}": each.cogs for method, each in costed.items()}
    )
    return _with_profit(frame, list(costed))


def gross_profit_by_group(by_sku: pd.DataFrame, group: "pd.Series[str]") -> pd.DataFrame:
    """Gross profit of each group of SKUs, such as their category, and as much in total as the SKUs together.

    SKUs whose revenue or cost is not known count in `skus_unknown` only.

    Parameters
    ----------
    by_sku : as `gross_profit_by_sku` has it
    group : by unique_id; SKUs without one are in the group ""

    Returns
    -------
    DataFrame
        group, skus, skus_unknown and the columns of `by_sku`, sorted by group
    """
    name = _reindexed(group, by_sku["unique_id"])
    methods, known = _methods(by_sku), _known(by_sku)
    sums = ["units_sold", "revenue", *(f"cogs_{method}" for method in methods)]
    counted = by_sku[sums].where(known, 0.0).assign(skus=1, skus_unknown=~known)
    table = counted.groupby(name.to_numpy()).sum().rename_axis("group").reset_index()
    return _with_profit(table[["group", "skus", "skus_unknown", *sums]], methods)


def gross_profit_total(by_sku: pd.DataFrame) -> pd.DataFrame:
    """Gross profit of all SKUs together, one row as `gross_profit_by_group` has it."""
    everything = pd.Series("total", index=by_sku["unique_id"].to_numpy())
    return gross_profit_by_group(by_sku, everything)


def gross_profit_by_period(costed: dict[str, CostedStock], movements: pd.DataFrame) -> pd.DataFrame:
    """Gross profit of each period between the boundaries of `costed`, by default calendar months (P rows).

    SKUs whose revenue or cost is not known in some period are left out of all, as from the totals by group.

    Returns
    -------
    DataFrame
        period_start, units_sold, revenue, and of each method `cogs_…`, `gross_profit_…` and `margin_…`
    """
    base = _any_of(costed)
    sku, period, revenue = _sales(base, movements)
    amounts = [np.bincount(sku, revenue, len(base.unique_ids)), *(each.cogs for each in costed.values())]
    known = np.asarray(~np.isnan(np.array(amounts)).any(axis=0))
    periods = max(len(base.boundaries) - 1, 0)
    inside = (period >= 0) & (period < periods) & known[sku]
    frame = pd.DataFrame(
        {
            "period_start": base.boundaries[:periods],
            "units_sold": base.period_units_sold[known].sum(axis=0),
            "revenue": np.bincount(period[inside], revenue[inside], periods).astype(float),
        }
        | {f"cogs_{method}": each.period_cogs[known].sum(axis=0) for method, each in costed.items()}
    )
    return _with_profit(frame, list(costed))


def _any_of(costed: dict[str, CostedStock]) -> CostedStock:
    if not costed:
        raise DataError("costed: no costing method is there; cost the stock by at least one")
    return next(iter(costed.values()))


def _sales(base: CostedStock, movements: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """SKU, period (−1 before the first boundary) and revenue of each sale, (k,) each."""
    if "unit_price" not in movements:
        raise DataError("movements has no column 'unit_price'; give what a unit of each sale brought")
    sold = movements["quantity"].to_numpy(float) < 0
    if "kind" in movements:
        sold &= (movements["kind"].isna() | (movements["kind"] == "sale")).to_numpy(bool)
    rows = movements[sold]
    sku = pd.Index(base.unique_ids).get_indexer(rows["unique_id"])
    if (sku < 0).any():
        unknown = rows["unique_id"].iloc[int(np.argmax(sku < 0))]
        raise DataError(
            f"movements: {unknown} was not costed; give the movements that the stock was costed from"
        )
    day = rows["at"].to_numpy("datetime64[ns]")
    period = np.searchsorted(base.boundaries, day, side="right") - 1
    return sku, period, (-rows["quantity"] * rows["unit_price"]).to_numpy(float)


def _reindexed(group: "pd.Series[str]", unique_ids: pd.Series) -> "pd.Series[str]":
    return group[~group.index.duplicated()].reindex(unique_ids).fillna("").astype(object)


def _methods(by_sku: pd.DataFrame) -> list[str]:
    return [name.removeprefix("cogs_") for name in by_sku if name.startswith("cogs_")]


def _known(by_sku: pd.DataFrame) -> "pd.Series[bool]":
    """Whether revenue and cost of each SKU are known by all methods (n,)."""
    return by_sku[["revenue", *(f"cogs_{method}" for method in _methods(by_sku))]].notna().all(axis=1)


def _with_profit(frame: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """The frame with gross profit and margin of each method after its cost of goods sold."""
    columns: dict[str, pd.Series] = {name: frame[name] for name in frame if not name.startswith("cogs_")}
    for method in methods:
        profit = frame["revenue"] - frame[f"cogs_{method}"]
        columns |= {
            f"cogs_{method}": frame[f"cogs_{method}"],
            f"gross_profit_{method}": profit,
            f"margin_{method}": (profit / frame["revenue"]).where(frame["revenue"] != 0),
        }
    return pd.DataFrame(columns)

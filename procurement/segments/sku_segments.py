"""Segments of SKUs: A, B, C by value a year, X, Y, Z by forecast error, and how dependable their supplier is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

DEPENDABLE, ERRATIC, UNKNOWN = "dependable", "erratic", "not known"
SKU_SEGMENTS = {
    "unique_id": "object", "segment": "object", "abc": "object", "abc_units": "object", "xyz": "object",
    "supplier_id": "object", "supplier": "object", "category": "object", "value_year": "float64",
    "value_share": "float64", "units_year": "float64", "forecast_error": "float64",
}  # fmt: skip
"""Column of the table of SKU segments → dtype."""

_ON_TIME = 0.85
"""Share on time, shrunk, from which a supplier is dependable."""
_STEADY = 0.35
"""Standard deviation of its lead time by the mean up to which it is, where promises are not known."""


@dataclass(frozen=True)
class Classes:
    """Bounds of the classes.

    Attributes
    ----------
    a_share, b_share : value of the A items, and of A and B items, as shares of all
    x_error, y_error : forecast errors up to which a SKU is X, and Y
    """

    a_share: float
    b_share: float
    x_error: float
    y_error: float


def sku_segments(facts: pd.DataFrame, dependable: "pd.Series[str]", classes: Classes) -> pd.DataFrame:
    """Segment of each SKU, the most valuable first.

    Parameters
    ----------
    facts : unique_id, supplier_id, category, value_year (expected demand at cost, money), units_year, forecast_error
        (standard deviation of the demand of a protection interval by its mean; NaN: nothing is expected)
    dependable : `DEPENDABLE`, `ERRATIC` or `UNKNOWN` by supplier_id

    Returns
    -------
    DataFrame
        `SKU_SEGMENTS`: segment (abc and xyz together, such as AX), abc_units (the same by units), supplier (how
        dependable it is)
    """
    value = facts["value_year"].fillna(0.0).to_numpy(float)
    units = facts["units_year"].fillna(0.0).to_numpy(float)
    ids = facts["unique_id"].to_numpy(object)
    error = facts["forecast_error"].to_numpy(float)
    abc = share_classes(value, ids, classes.a_share, classes.b_share)
    xyz = np.where(error <= classes.x_error, "X", np.where(error <= classes.y_error, "Y", "Z")).astype(object)
    total = value.sum()
    table = facts[["unique_id", "supplier_id", "category", "forecast_error"]].assign(
        value_year=value,
        units_year=units,
        value_share=value / total if total > 0 else 0.0,
        abc=abc,
        abc_units=share_classes(units, ids, classes.a_share, classes.b_share),
        xyz=xyz,
        segment=abc + xyz,
        supplier=facts["supplier_id"].map(dependable).fillna(UNKNOWN),
    )
    table = table.sort_values(["value_year", "unique_id"], ascending=[False, True], ignore_index=True)
    return table[list(SKU_SEGMENTS)]


def share_classes(
    amount: Array, ids: NDArray[np.object_], a_share: float, b_share: float = 1.0
) -> NDArray[np.object_]:
    """A, B or C of each (n,): A while those above it are less than `a_share` of all, B likewise; of nothing C.

    So the one that passes the bound is still in the class before it, and there is always an A item. Ties go by id.
    """
    order = np.lexsort((ids.astype(str), -amount))
    above = np.concatenate([[0.0], np.cumsum(amount[order])[:-1]])
    total = amount.sum()
    result = np.full(len(amount), "C", object)
    share = above / total if total > 0 else np.ones(len(amount))
    result[order] = np.where(
        amount[order] <= 0,
        "C",
        np.where(share < a_share, "A", np.where(share < b_share, "B", "C")),
    )
    return result


def dependable_suppliers(scorecard: pd.DataFrame) -> "pd.Series[str]":
    """How dependable each supplier is, by supplier_id: by its shrunk share on time, else by how steady it delivers.

    `scorecard`: supplier_id, on_time_shrunk, lead_time_mean, lead_time_sd and state, NaN where not measured. One whose
    lead times were found to erode or to be erratic is.
    """
    on_time = scorecard["on_time_shrunk"].to_numpy(float)
    spread = scorecard["lead_time_sd"].to_numpy(float) / np.maximum(
        scorecard["lead_time_mean"].to_numpy(float), 1e-9
    )
    by_time = np.where(on_time >= _ON_TIME, DEPENDABLE, ERRATIC)
    by_spread = np.where(spread <= _STEADY, DEPENDABLE, ERRATIC)
    known = np.where(np.isnan(on_time), np.where(np.isnan(spread), UNKNOWN, by_spread), by_time).astype(
        object
    )
    known[scorecard["state"].isin(["eroding", "erratic"]).to_numpy()] = ERRATIC
    return pd.Series(known, index=scorecard["supplier_id"].to_numpy(object))


def segment_matrix(segments: pd.DataFrame) -> pd.DataFrame:
    """SKUs and their value by abc (rows) and xyz: abc, xyz, skus, value, share; every cell is there."""
    cells = pd.MultiIndex.from_product([list("ABC"), list("XYZ")], names=["abc", "xyz"])
    grouped = segments.groupby(["abc", "xyz"])["value_year"].agg(["size", "sum"])
    table = grouped.reindex(cells, fill_value=0.0).reset_index()
    total = table["sum"].sum()
    share = table["sum"] / total if total > 0 else 0.0
    return table.rename(columns={"size": "skus", "sum": "value"}).assign(share=share)

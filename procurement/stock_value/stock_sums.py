"""Sums of the stock report by category, supplier or over everything, with ratios of the sums, not sums of ratios."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from procurement.stock_value.ageing import AGE_CLASSES

GROUPS = ("unique_id", "category", "supplier_id")
"""What the stock report is summed by; a row a SKU is its own sum."""

_METHODS = ("fifo", "lifo", "average")
_SUMMED = (
    "units", "value", "value_lifo", "value_average", "daily_cost", "value_without_demand", "cogs_year",
    "average_value", "units_sold", "revenue", *(f"cogs_{method}" for method in _METHODS),
    *(f"gross_profit_{method}" for method in _METHODS), "capital", "storage", "shrinkage", "obsolescence",
    "carrying_cost", "safety_value", "cycle_value", "excess_value", "pipeline_value", "unexplained_value",
    "safety_then", "pipeline_then",
)  # fmt: skip


def stock_sums(stock: pd.DataFrame, by: str) -> pd.DataFrame:
    """The stock report summed by one of `GROUPS`, the largest value first.

    Returns
    -------
    DataFrame
        name (empty: not known), skus, the summed columns, and of the sums days_of_cover (value by the cost of a day's
        demand), turnover (cost of goods sold a year by average stock) and margin_… (gross profit by revenue); NaN where
        nothing is below
    """
    name = stock[by].astype(object).where(stock[by].notna(), "")
    table = _both_known(stock).assign(skus=1.0).groupby(name.to_numpy()).sum(min_count=1)
    table = table.rename_axis("name").reset_index()
    return _with_ratios(table).sort_values(["value", "name"], ascending=[False, True], ignore_index=True)


def stock_total(stock: pd.DataFrame) -> dict[str, float]:
    """The stock report summed over everything, as `stock_sums` has it for each group."""
    table = pd.DataFrame([_both_known(stock).sum(min_count=1)]).assign(skus=float(len(stock)))
    return {str(name): float(value) for name, value in _with_ratios(table).iloc[0].items()}


def ageing_sums(ageing: pd.DataFrame, stock: pd.DataFrame, by: str) -> pd.DataFrame:
    """Value of the stock by class of age, summed by one of `GROUPS`, the largest value first: name, value, value_…."""
    group = stock.drop_duplicates("unique_id").set_index("unique_id", drop=False)[by]
    name = group.reindex(ageing["unique_id"])
    columns = ["value", *(f"value_{each}" for each in AGE_CLASSES)]
    table = ageing[columns].fillna(0.0).groupby(name.fillna("").to_numpy(object)).sum()
    table = table.rename_axis("name").reset_index()
    return table.sort_values(["value", "name"], ascending=[False, True], ignore_index=True)


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    ratios = {
        "days_of_cover": _ratio(table["value"], table["daily_cost"]),
        "turnover": _ratio(table["cogs_year"], table["average_value"]),
    }
    ratios |= {
        f"margin_{method}": _ratio(table[f"gross_profit_{method}"], table[f"revenue_{method}"])
        for method in _METHODS
    }
    return table.assign(**ratios).drop(columns=[f"revenue_{method}" for method in _METHODS])


def _both_known(stock: pd.DataFrame) -> pd.DataFrame:
    """The columns to be summed, where what they are divided by counts only with what is divided: NaN is not known."""
    summed = stock[list(_SUMMED)]
    revenue = {f"revenue_{m}": stock["revenue"].where(stock[f"gross_profit_{m}"].notna()) for m in _METHODS}
    return summed.assign(
        daily_cost=stock["daily_cost"].where(stock["value"].notna()),
        average_value=stock["average_value"].where(stock["cogs_year"].notna()),
        **revenue,
    )


def _ratio(above: pd.Series, below: pd.Series) -> Array:
    """Quotients, NaN where nothing is below."""
    top, bottom = above.to_numpy(float), below.to_numpy(float)
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))

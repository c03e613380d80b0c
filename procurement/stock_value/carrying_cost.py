"""Carrying cost of stock a year by its parts: capital, storage, shrinkage and obsolescence."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from configs.errors import PlanningError
from distributions.distribution import Array


@dataclass(frozen=True)
class CarryingRates:
    """What holding stock costs a year, shares of its value by part; together usually 0.20 to 0.30.

    Attributes
    ----------
    capital : interest, or what the money would earn elsewhere
    storage : rent, handling, insurance
    shrinkage : theft, breakage, miscounts
    obsolescence : loss of value, and goods that are never sold

    Raises
    ------
    PlanningError
        When a rate is negative or no number, or all are 0.
    """

    capital: float
    storage: float
    shrinkage: float
    obsolescence: float

    def __post_init__(self) -> None:
        for part in fields(self):
            rate = getattr(self, part.name)
            if not (np.isfinite(rate) and rate >= 0):
                raise PlanningError(f"carrying rates: {part.name} is {rate}, expected a share a year ≥ 0")
        if self.total == 0:
            raise PlanningError("carrying rates: all parts are 0, expected at least one above 0")

    @property
    def total(self) -> float:
        """Sum of the parts: carrying cost a year per unit of money in stock."""
        return self.capital + self.storage + self.shrinkage + self.obsolescence


PARTS = tuple(part.name for part in fields(CarryingRates))
"""Parts of the carrying cost."""


def carrying_cost(
    value: "pd.Series[float]", rates: CarryingRates, holding_cost_rate: "pd.Series[float] | None" = None
) -> pd.DataFrame:
    """Carrying cost a year of each SKU, value × rate, split as the rates are.

    Parameters
    ----------
    value : stock value by unique_id (n rows)
    holding_cost_rate : `items.holding_cost_rate` by unique_id; where it is given, the parts in their proportion sum up
        to it, else (NaN) to the total of the rates

    Returns
    -------
    DataFrame
        unique_id, value, rate, those of `PARTS` and carrying_cost, their sum; NaN where the value is not known
    """
    ids = value.index.to_numpy(object)
    rate = np.full(len(ids), np.nan)
    if holding_cost_rate is not None:
        rate = holding_cost_rate[~holding_cost_rate.index.duplicated()].reindex(ids).to_numpy(float)
    if (rate < 0).any():
        row = int(np.argmax(rate < 0))
        raise PlanningError(
            f"items {ids[row]}: holding_cost_rate is {rate[row]:g}, expected a share a year ≥ 0"
        )
    rate = np.where(np.isnan(rate), rates.total, rate)
    money: Array = value.to_numpy(float)
    parts = {name: money * rate * (getattr(rates, name) / rates.total) for name in PARTS}
    return pd.DataFrame(
        {"unique_id": ids, "value": money, "rate": rate} | parts | {"carrying_cost": money * rate}
    )


def carrying_cost_by_group(by_sku: pd.DataFrame, group: "pd.Series[str]") -> pd.DataFrame:
    """Carrying cost of each group of SKUs, sums of what `carrying_cost` has, sorted by group.

    `rate` is cost per value (NaN without any); SKUs without a known value count in `skus_unknown` only.

    Parameters
    ----------
    group : by unique_id; SKUs without one are in the group ""
    """
    name = group[~group.index.duplicated()].reindex(by_sku["unique_id"]).fillna("").to_numpy(object)
    sums = ["value", *PARTS, "carrying_cost"]
    counted = by_sku[sums].fillna(0.0).assign(skus=1, skus_unknown=by_sku["value"].isna())
    table = counted.groupby(name).sum().rename_axis("group").reset_index()
    rate = table["carrying_cost"] / table["value"].where(table["value"] > 0)
    table = table.assign(rate=rate)
    return table[["group", "skus", "skus_unknown", "value", "rate", *PARTS, "carrying_cost"]]


def carrying_cost_total(by_sku: pd.DataFrame) -> pd.DataFrame:
    """Carrying cost of all SKUs together, one row as `carrying_cost_by_group` has it."""
    return carrying_cost_by_group(by_sku, pd.Series("total", index=by_sku["unique_id"].to_numpy()))

"""The demand that offers are compared on: so many units a day, give or take, or the forecast of a SKU."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parametric import normal_daily_demand
from planning.inputs import PlanInputs, whole_units


@dataclass(frozen=True)
class ComparedDemand:
    """Demand of one SKU.

    Attributes
    ----------
    forecast : of that SKU alone
    items : its row of the items table: shelf life, cost of holding and of a shortage
    as_of : day from which the year is played
    whole : counted in whole units
    a_day : mean and standard deviation of a day's demand where they are given, units
    """

    forecast: DemandForecast
    items: pd.DataFrame
    as_of: pd.Timestamp
    whole: bool = False
    a_day: tuple[float, float] | None = None

    @classmethod
    def normal(cls, mean: float, std: float, *, shortage_cost: float | None = None) -> Self:
        """Independent normal demand, so many units a day; without a shortage cost the service level implies one.

        Raises
        ------
        PlanningError
            When the mean or the deviation is negative or not finite.
        """
        forecast = normal_daily_demand(mean, std)
        items = _with_shortage_cost(pd.DataFrame({"unique_id": forecast.unique_ids}), shortage_cost)
        return cls(forecast, items, pd.Timestamp(forecast.starts[0]), a_day=(mean, std))

    @classmethod
    def of_sku(
        cls, forecast: DemandForecast, inputs: PlanInputs, *, shortage_cost: float | None = None
    ) -> Self:
        """Demand of the SKU that `forecast` and plan inputs are of, with a shortage cost in place of its own."""
        items = _with_shortage_cost(inputs.items.reset_index(drop=True), shortage_cost)
        return cls(forecast, items, inputs.as_of, whole=bool(whole_units(forecast, inputs)[0]))

    @property
    def elapsed(self) -> float:
        """Days between the start of the forecast's first period and `as_of`."""
        return float((self.as_of - pd.Timestamp(self.forecast.starts[0])) / pd.Timedelta(days=1))

    def daily(self, days: Array) -> tuple[Array, Array]:
        """Mean and standard deviation (n,) of a day's demand in the coming `days` (n,), units.

        A forecast's deviation is that of the whole time, spread over its days as if these were independent: σ/√t.
        """
        if self.a_day is not None:
            return np.full(len(days), self.a_day[0]), np.full(len(days), self.a_day[1])
        long = np.maximum(days, 1.0)
        rows = np.zeros(len(days), np.intp)
        demand = self.forecast.demand_until(long, elapsed=self.elapsed, rows=rows)
        return demand.mean() / long, demand.std() / np.sqrt(long)


def _with_shortage_cost(items: pd.DataFrame, shortage_cost: float | None) -> pd.DataFrame:
    """The items with a shortage cost, money per unit, in place of what they say of it."""
    return items if shortage_cost is None else items.assign(shortage_cost=shortage_cost)

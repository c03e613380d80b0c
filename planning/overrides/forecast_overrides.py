"""Forecast overrides: the demand forecast as people have it, and the model's mean beside."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.overrides.in_force import OverridesInForce
from planning.overrides.override_tables import FORECAST
from planning.overrides.sums_of_periods import overridden_quantiles

Values = TypeVar("Values", Array, NDArray[np.object_])

BOUGHT_AGAIN = "overridden"
"""Reason of the forecast of a SKU that the model would not have bought again, and somebody expects demand of."""

_NOT_BOUGHT = ("dead", "new_from_category", "unknown_category")


@dataclass(frozen=True)
class OverriddenForecast:
    """A demand forecast with its overrides.

    Attributes
    ----------
    forecast : demand of n SKUs as people have it
    model_mean : array (n, h), what the model alone expects, units a period
    changed : bool array (n, h), periods whose mean is a person's
    """

    forecast: DemandForecast
    model_mean: Array
    changed: NDArray[np.bool_]


def overridden_forecast(
    forecast: DemandForecast, held: OverridesInForce, last_year: Array
) -> OverriddenForecast:
    """The demand forecast with the overrides in force: distributions move with their means.

    Beyond the horizon, where the forecast knows a year of means, these move too.

    Parameters
    ----------
    last_year : array (n, C), demand of the same period a year before, units, NaN where it is not known; C periods of
        the forecast and of the year after
    """
    model = (
        np.concatenate([forecast.mean, forecast.later_mean], axis=1)
        if forecast.knows_later
        else forecast.mean
    )
    wanted = _wanted(model, held, last_year)
    changed = ~np.isnan(wanted)
    h, rows = forecast.horizon, np.flatnonzero(changed.any(axis=1))
    if not len(rows):
        return OverriddenForecast(forecast, forecast.mean, changed[:, :h])
    means = np.where(changed, wanted, model)[rows]
    few = forecast.select(rows)
    whole = few.whole_units
    quantiles, cumulative = overridden_quantiles(few, means[:, :h])
    for values in (quantiles, cumulative):
        values[whole] = np.ceil(values[whole] - 1e-9)
    asked = changed[rows] & (means > 0) & _own_units(held)[held.periods[rows]]
    gone = np.isin(few.reason.astype(str), _NOT_BOUGHT) | (few.demand_class == "dead")
    revived = asked.any(axis=1) & gone
    new = replace(
        forecast,
        mean=_with_rows(forecast.mean, rows, means[:, :h]),
        quantiles=_with_rows(forecast.quantiles, rows, quantiles),
        cumulative_mean=_with_rows(forecast.cumulative_mean, rows, np.cumsum(means[:, :h], axis=1)),
        cumulative=_with_rows(forecast.cumulative, rows, cumulative),
        later_mean=_with_rows(forecast.later_mean, rows, means[:, h:])
        if forecast.knows_later
        else forecast.later_mean,
        reason=_with_rows(forecast.reason, rows[revived], BOUGHT_AGAIN),
        demand_class=_with_rows(forecast.demand_class, rows[revived & (few.demand_class == "dead")], "short"),
    )
    return OverriddenForecast(new, forecast.mean, changed[:, :h])


def with_means(of_skus: pd.DataFrame, held: OverridesInForce, overridden: OverriddenForecast) -> pd.DataFrame:
    """Rows of overrides that hold for SKUs, a forecast's with units a period: the mean as overridden, and the model's.

    Means over the periods of the horizon that the override changes; NaN where it changes only later ones.
    """
    h = overridden.model_mean.shape[1]
    sku, period = np.nonzero((held.periods[:, :h] >= 0) & overridden.changed)
    cells = pd.DataFrame(
        {
            "unique_id": overridden.forecast.unique_ids[sku],
            "override_id": held.given["override_id"].to_numpy(object)[held.periods[sku, period]],
            "value": overridden.forecast.mean[sku, period],
            "instead_of": overridden.model_mean[sku, period],
        }
    )
    means = cells.groupby(["unique_id", "override_id"])[["value", "instead_of"]].mean()
    found = means.reindex(pd.MultiIndex.from_frame(of_skus[["unique_id", "override_id"]]))
    own = (of_skus["kind"] == FORECAST).to_numpy()
    columns = {name: np.where(own, found[name].to_numpy(), of_skus[name]) for name in ("value", "instead_of")}
    return of_skus.assign(**columns)


def _wanted(model: Array, held: OverridesInForce, last_year: Array) -> Array:
    """Means (n, C) that overrides ask for in place of the forecast's, NaN where none does or last year is not known."""
    given, periods = held.given, held.periods
    wanted = np.full(model.shape, np.nan)
    for row in np.unique(periods[periods >= 0]):
        override, cells = given.iloc[row], periods == row
        if not pd.isna(override["factor"]):
            wanted[cells] = override["factor"] * model[cells]
        elif pd.isna(override["units"]):
            wanted[cells] = last_year[cells]
        else:
            wanted[cells] = (override["units"] * _shares(model, held.scopes.get(int(row))))[cells]
    return wanted


def _shares(model: Array, rows: NDArray[np.int64] | None) -> Array:
    """Shares (n, C) by which units overridden for a category go to its SKUs `rows`: those of the model's means.

    Equal ones where it expects nothing of any; 1 for units of one SKU (no `rows`).
    """
    shares = np.ones_like(model)
    if rows is not None:
        total = model[rows].sum(axis=0)
        equal = np.full((len(rows), len(total)), 1 / len(rows))
        shares[rows] = np.divide(model[rows], total, out=equal, where=total > 0)
    return shares


def _own_units(held: OverridesInForce) -> NDArray[np.bool_]:
    """Overrides (m + 1,) that say how much one SKU sells, whatever its forecast expects; the last stands for none."""
    given = held.given
    return np.append((given["unique_id"].notna() & given["factor"].isna()).to_numpy(), False)


def _with_rows(values: Values, rows: NDArray[np.intp], new: Any) -> Values:
    """A copy of a forecast's array with other `rows`; itself where there are none."""
    if not len(rows):
        return values
    result = values.copy()
    result[rows] = new
    return result

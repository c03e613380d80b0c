"""Stock turnover and days of cover of SKUs, and of categories, suppliers and sites as sums of their SKUs' parts."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.stock_value.cost_layers import CostedStock

_YEAR_DAYS = 365.0
_DAY = pd.Timedelta(days=1)
_MONEY = ["value", "cogs_year", "average_value", "daily_cost", "value_without_demand"]
_UNITS = ["units"]


def year_boundaries(as_of: pd.Timestamp, since: pd.Timestamp | None = None) -> pd.DatetimeIndex:
    """Boundaries of the 365 days up to and with `as_of`: their first day, every month's start, and the day after.

    For `cost_layers(…, periods=…)`, whose stock values on them are those of the months' ends. `since`: first day that
    is known, where the movements go back less than a year.
    """
    end = as_of.normalize() + _DAY
    start = end - pd.Timedelta(days=_YEAR_DAYS)
    start = start if since is None else max(start, min(since.normalize(), as_of.normalize()))
    months = pd.date_range(start, end, freq="MS")
    return pd.DatetimeIndex([start, *months[(months > start) & (months < end)], end])


def turnover_by_sku(costed: CostedStock, daily_demand: "pd.Series[float]") -> pd.DataFrame:
    """Days of cover and turnover of each SKU (n rows).

    Turnover is the cost of goods sold between the first and the last boundary, as that of 365 days, per average stock
    value: the mean over time of the values on the boundaries, with straight lines between.

    Parameters
    ----------
    costed : costed between the boundaries of `year_boundaries`
    daily_demand : expected units a day by unique_id

    Returns
    -------
    DataFrame
        unique_id, units, value, daily_demand, daily_cost (of its units), days_of_cover (units on hand per daily demand;
        NaN for units without demand), units_without_demand, value_without_demand, cogs_year, average_value, turnover
        (NaN without stock)

    Raises
    ------
    DataError
        When there are fewer than two boundaries.
    """
    if len(costed.boundaries) < 2:
        raise DataError(
            "turnover: the stock is costed without periods; cost it with periods=year_boundaries(as_of)"
        )
    days = np.diff(costed.boundaries) / np.timedelta64(1, "D")
    mean = (costed.value_at[:, :-1] + costed.value_at[:, 1:]) / 2
    cogs = costed.period_cogs.sum(axis=1) * (_YEAR_DAYS / days.sum())
    demand = daily_demand[~daily_demand.index.duplicated()].reindex(costed.unique_ids).to_numpy(float)
    some, sells = costed.units > 0, demand > 0
    unit_value = _ratio(costed.value, costed.units)
    daily_cost = np.where(sells, demand * np.where(some, unit_value, costed.last_cost), 0.0)
    average = (mean * days).sum(axis=1) / days.sum()
    return pd.DataFrame(
        {
            "unique_id": costed.unique_ids,
            "units": costed.units,
            "value": costed.value,
            "daily_demand": demand,
            "daily_cost": daily_cost,
            "days_of_cover": np.where(some, _ratio(costed.units, demand), 0.0),
            "units_without_demand": np.where(sells, 0.0, costed.units),
            "value_without_demand": np.where(sells, 0.0, costed.value),
            "cogs_year": cogs,
            "average_value": average,
            "turnover": _ratio(cogs, average),
        }
    )


def turnover_by_part(by_sku: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Value, days of cover and turnover of each part of the stock, such as categories, suppliers or sites.

    Days of cover are those of the money: value per cost of a day's demand. SKUs whose value or cost is not known count
    in `skus_unknown` only, so that parts add up to `turnover_total`.

    Parameters
    ----------
    by_sku : as `turnover_by_sku` has it
    parts : as `whole_skus` or `site_parts` have them; SKUs that are not in it are in the part ""

    Returns
    -------
    DataFrame
        part, skus, skus_unknown, units, value, daily_cost, days_of_cover, value_without_demand, cogs_year,
        average_value, turnover, sorted by part
    """
    row = pd.Index(by_sku["unique_id"]).get_indexer(parts["unique_id"])
    parts, row = parts[row >= 0], row[row >= 0]
    rest = np.setdiff1d(np.arange(len(by_sku)), row)
    at = np.concatenate([row, rest])
    name = np.concatenate([parts["part"].to_numpy(object), np.full(len(rest), "", object)])
    known = by_sku[_MONEY].notna().all(axis=1).to_numpy()[at]
    frame = pd.DataFrame({"part": name, "skus": 1, "skus_unknown": ~known})
    for columns, share in ((_UNITS, "unit_share"), (_MONEY, "value_share")):
        held = np.concatenate([parts[share].to_numpy(float), np.ones(len(rest))])
        for column in columns:
            frame[column] = np.where(known, by_sku[column].to_numpy(float)[at] * held, 0.0)
    table = frame.groupby("part").sum().reset_index()
    table["days_of_cover"] = _ratio(table["value"].to_numpy(float), table["daily_cost"].to_numpy(float))
    table["turnover"] = _ratio(table["cogs_year"].to_numpy(float), table["average_value"].to_numpy(float))
    order = ["part", "skus", "skus_unknown", "units", "value", "daily_cost", "days_of_cover"]
    return table[[*order, "value_without_demand", "cogs_year", "average_value", "turnover"]]


def turnover_total(by_sku: pd.DataFrame) -> pd.DataFrame:
    """Value, days of cover and turnover of all SKUs together, one row as `turnover_by_part` has it."""
    return turnover_by_part(by_sku, whole_skus(pd.Series("total", index=by_sku["unique_id"].to_numpy())))


def whole_skus(part: "pd.Series[str]") -> pd.DataFrame:
    """Parts that hold whole SKUs: category or supplier by unique_id, each SKU in one.

    Returns
    -------
    DataFrame
        unique_id, part, unit_share and value_share (1 each)
    """
    once = part[~part.index.duplicated()]
    return pd.DataFrame(
        {
            "unique_id": once.index.to_numpy(object),
            "part": once.fillna("").to_numpy(object),
            "unit_share": 1.0,
            "value_share": 1.0,
        }
    )


def site_parts(layers: pd.DataFrame) -> pd.DataFrame:
    """Sites as parts of the SKUs' stock: the share of its units and of its value that lie at each, from its lots.

    Demand and sales are not known by site: a site is taken to have as much of its SKUs' as of their stock's value.

    Parameters
    ----------
    layers : lots on hand, `CostedStock.layers`; without a site they are at ""

    Returns
    -------
    DataFrame
        unique_id, part, unit_share, value_share, sorted; the shares of a SKU add up to 1
    """
    some = layers[layers["quantity"] > 0]
    value = some["quantity"] * some["unit_cost"]
    some = some.assign(part=some["site"].fillna(""), value=value, unknown=value.isna())
    sums = ["quantity", "value", "unknown"]
    held = some.groupby(["unique_id", "part"], as_index=False)[sums].sum()
    whole = held.groupby("unique_id")[sums].transform("sum")
    units = held["quantity"] / whole["quantity"]
    valued = (whole["unknown"] == 0) & (whole["value"] > 0)
    return held[["unique_id", "part"]].assign(
        unit_share=units, value_share=(held["value"] / whole["value"].where(valued)).fillna(units)
    )


def _ratio(above: Array, below: Array) -> Array:
    """Quotients (n,), NaN where nothing is below."""
    return np.asarray(np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0))

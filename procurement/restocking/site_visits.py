"""Site visits: what to bring to each bin so that it lasts until the visit after, and all of a site in one visit."""

import numpy as np
import pandas as pd

from distributions.distribution import Array

RESTOCK = {
    "site": "object", "bin": "object", "unique_id": "object", "counted_at": "datetime64[ns]", "count": "float64",
    "capacity": "float64", "used_a_day": "float64", "left_at_visit": "float64", "bring": "float64",
    "lasts_days": "float64", "empty_chance": "float64", "short_of_room": "bool",
}  # fmt: skip
"""Column of the table of bins to restock → dtype."""
VISITS = {"site": "object", "visit_on": "datetime64[ns]", "bins": "float64", "skus": "float64", "units": "float64",
          "urgent_bins": "float64"}  # fmt: skip
"""Column of the table of visits → dtype."""

_LEAST_DAYS = 28
_URGENT = 0.2
"""Chance to run empty before the visit from which a bin is urgent."""


def restock_bins(
    bins: pd.DataFrame, usage: pd.DataFrame, as_of: pd.Timestamp, *, every_days: int = 14, level: float = 0.95
) -> pd.DataFrame:
    """What to bring to each bin if its site is visited today, and every `every_days` after it.

    Usage is a count whose mean and variance a day are those of the SKU at the site (negative binomial, Poisson where it
    is not more scattered); of several bins of a SKU at a site each has the share of its last count's capacity. What is
    left now is the last count less what is expected to have been used since. The bin is filled up to what lasts, with
    the chance `level`, until the visit after: `every_days` later; never above its capacity, in whole units.

    Parameters
    ----------
    bins, usage : tables of the data contract

    Returns
    -------
    DataFrame
        `RESTOCK`, sites and bins sorted: used_a_day (units), left_at_visit (expected units in it today),
        bring (units),
        lasts_days (that it then lasts on average), empty_chance (of being empty before the visit after if nothing is
        brought), short_of_room (its capacity is less than it should hold)
    """
    if bins.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in RESTOCK.items()})
    last = bins.sort_values("counted_at", kind="stable", na_position="first")
    last = last.drop_duplicates(["site", "bin", "unique_id"], keep="last").reset_index(drop=True)
    mean, variance = _usage_a_day(last, usage, as_of)
    share = _share_of_bin(last)
    mean, variance = mean * share, variance * share
    count = last["count"].to_numpy(float)
    since = ((as_of - last["counted_at"]) / pd.Timedelta(days=1)).fillna(0.0).clip(lower=0.0).to_numpy(float)
    left = np.maximum(count - mean * since, 0.0)
    wanted = _quantile(mean * every_days, variance * every_days, level)
    capacity = last["capacity"].to_numpy(float)
    room = np.where(np.isnan(capacity), np.inf, capacity)
    bring = np.maximum(np.ceil(np.minimum(wanted, room) - left - 1e-9), 0.0)
    bring = np.minimum(bring, np.maximum(np.floor(room - left + 1e-9), 0.0))
    table = last[["site", "bin", "unique_id", "counted_at"]].assign(
        count=count,
        capacity=capacity,
        used_a_day=mean,
        left_at_visit=left,
        bring=bring,
        lasts_days=np.divide(left + bring, mean, out=np.full(len(mean), np.inf), where=mean > 0),
        empty_chance=_chance_above(mean * every_days, variance * every_days, left),
        short_of_room=wanted > room,
    )
    return table.sort_values(["site", "bin", "unique_id"], ignore_index=True)[list(RESTOCK)]


def site_visits(restock: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The visits of sites that something is brought to, each with all its bins in one appointment, the urgent first.

    Returns
    -------
    DataFrame
        `VISITS`: visit_on (today where a bin is urgent, else the day by which the first one is half used up)
    """
    needed = restock[restock["bring"] > 0]
    if needed.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in VISITS.items()})
    urgent = needed["empty_chance"] >= _URGENT
    lasts = (needed["left_at_visit"] / needed["used_a_day"].where(needed["used_a_day"] > 0)).fillna(0.0) / 2
    grouped = needed.assign(urgent=urgent, lasts=np.where(urgent, 0.0, np.floor(lasts))).groupby("site")
    table = grouped.agg(
        days=("lasts", "min"),
        bins=("bin", "size"),
        skus=("unique_id", "nunique"),
        units=("bring", "sum"),
        urgent_bins=("urgent", "sum"),
    ).reset_index()
    table["visit_on"] = as_of.normalize() + pd.to_timedelta(table["days"], unit="D")
    table = table.sort_values(
        ["visit_on", "urgent_bins", "site"], ascending=[True, False, True], ignore_index=True
    )
    return table[list(VISITS)].astype(VISITS)


def _usage_a_day(last: pd.DataFrame, usage: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Array, Array]:
    """Mean and variance of the units a day used of each bin's SKU at its site, (n,); 0 where nothing was.

    A row of `usage` stands for as many days as usually lie between two rows of that SKU at that site; with one row
    only, for as many as elsewhere.
    """
    key = ["site", "unique_id"]
    known = usage[usage["ds"] <= as_of].groupby([*key, "ds"])["quantity"].sum().reset_index()
    if known.empty:
        return np.zeros(len(last)), np.zeros(len(last))
    groups = known.groupby(key)
    gap = groups["ds"].diff().dt.days
    own = gap.groupby([known[name] for name in key]).median()
    usual = float(own.median()) if own.notna().any() else 1.0
    period = own.fillna(usual).clip(lower=1.0)
    known["square"] = known["quantity"] ** 2
    sums = known.groupby(key).agg(total=("quantity", "sum"), square=("square", "sum"), first=("ds", "min"))
    periods = np.maximum((as_of - sums["first"]).dt.days, _LEAST_DAYS) / period
    mean = sums["total"] / periods
    variance = (sums["square"] / periods - mean**2).clip(lower=0.0)
    at = pd.MultiIndex.from_frame(last[key])
    return (
        (mean / period).reindex(at).fillna(0.0).to_numpy(float),
        (variance / period).reindex(at).fillna(0.0).to_numpy(float),
    )


def _share_of_bin(last: pd.DataFrame) -> Array:
    """Share of a SKU's usage at a site that each of its bins has, (n,): by capacity, evenly where one is not known."""
    groups = last.groupby(["site", "unique_id"])
    capacity = last["capacity"].to_numpy(float)
    total = groups["capacity"].transform("sum").to_numpy(float)
    size = groups["bin"].transform("size").to_numpy(float)
    known = groups["capacity"].transform(lambda values: values.notna().all()).to_numpy(bool) & (total > 0)
    share = np.divide(capacity, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(np.where(known, share, 1.0 / size))


def _quantile(mean: Array, variance: Array, level: float) -> Array:
    """Quantile of a count with this mean and variance, (n,)."""
    from scipy.stats import nbinom, poisson

    n, p = _binomial(mean, variance)
    return np.asarray(np.where(variance > mean, nbinom.ppf(level, n, p), poisson.ppf(level, mean)))


def _chance_above(mean: Array, variance: Array, units: Array) -> Array:
    """Chance that a count with this mean and variance is at least what `units` are used up by, (n,)."""
    from scipy.stats import nbinom, poisson

    n, p = _binomial(mean, variance)
    most = np.ceil(units - 1e-9) - 1
    chance = np.where(variance > mean, nbinom.sf(most, n, p), poisson.sf(most, mean))
    return np.asarray(np.where(mean > 0, chance, 0.0))


def _binomial(mean: Array, variance: Array) -> tuple[Array, Array]:
    """Parameters of the negative binomial with this mean and variance, (n,); of no use where it is not more."""
    over = np.maximum(variance - mean, 1e-9)
    safe = np.maximum(mean, 1e-12)
    return safe**2 / over, safe / (safe + over)

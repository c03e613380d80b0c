"""Age of stock by lot or layer, and lots that will not have sold by their expiry, first expired first out."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError

AGE_CLASSES = ("0_30", "31_60", "61_90", "91_180", "181_365", "over_365", "unknown")
"""Classes of age in days, both ends in them; `unknown`: nobody knows when it came."""

EXPIRED, WILL_EXPIRE = "expired", "will_expire"
"""Lots past their expiry, and lots of which some will not have sold by it."""

_LAST_DAYS = np.array([30, 60, 90, 180, 365])
_DAY = np.timedelta64(1, "D")
_SLIGHT = 1e-9


def age_of_stock(layers: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Units and value of the stock of each SKU by class of age, a row a SKU that has stock.

    Parameters
    ----------
    layers : lots of `inventory_lots`, or `CostedStock.layers`: unique_id, received_at, quantity, unit_cost
    as_of : the day on which it is that old

    Returns
    -------
    DataFrame
        unique_id, units, value, mean_age_days (of a unit whose age is known), oldest_days, and `units_…` and `value_…`
        of each of `AGE_CLASSES`, which add up to them; values are NaN where a cost is not known

    Raises
    ------
    DataError
        When something was received after `as_of`.
    """
    layers = layers[layers["quantity"] > 0]
    age = _days_until(as_of, layers["received_at"], -1)
    if (age < 0).any():
        wrong = layers.iloc[int(np.argmax(age < 0))]
        raise DataError(
            f"inventory_lots: stock of {wrong['unique_id']} was received on {wrong['received_at']:%Y-%m-%d}, after "
            f"{as_of:%Y-%m-%d}; give a day up to then, or a later as-of date"
        )
    classes = np.where(np.isnan(age), len(AGE_CLASSES) - 1, np.searchsorted(_LAST_DAYS, age))
    code, ids = pd.factorize(layers["unique_id"], sort=True)
    units = layers["quantity"].to_numpy(float)
    value = units * layers["unit_cost"].to_numpy(float)
    known = ~np.isnan(age)
    weight = np.bincount(code[known], units[known], len(ids))
    days = np.bincount(code[known], (units * age)[known], len(ids))
    oldest = pd.Series(age).groupby(code).max().to_numpy(float)
    frame = {
        "unique_id": np.asarray(ids, object),
        "units": np.bincount(code, units, len(ids)),
        "value": np.bincount(code, value, len(ids)),
        "mean_age_days": np.divide(days, weight, out=np.full(len(ids), np.nan), where=weight > 0),
        "oldest_days": oldest,
    }
    for name, amount in (("units", units), ("value", value)):
        table = _by_class(code, classes, amount, len(ids))
        frame |= {f"{name}_{each}": table[:, k] for k, each in enumerate(AGE_CLASSES)}
    return pd.DataFrame(frame)


def age_totals(aged: pd.DataFrame) -> pd.DataFrame:
    """Stock of all SKUs by class of age, a row for each of `AGE_CLASSES`: age_class, skus, value, share of the value.

    What has no known cost is not in the value.
    """
    value = np.array([aged[f"value_{each}"].sum() for each in AGE_CLASSES], float)
    return pd.DataFrame(
        {
            "age_class": AGE_CLASSES,
            "skus": [int((aged[f"units_{each}"] > 0).sum()) for each in AGE_CLASSES],
            "value": value,
            "share": value / value.sum() if value.sum() > 0 else np.full(len(value), np.nan),
        }
    )


def near_expiry(lots: pd.DataFrame, daily_demand: "pd.Series[float]", as_of: pd.Timestamp) -> pd.DataFrame:
    """Lots that have expired, and lots of which some will not have sold by their expiry, the first to expire first.

    Of a SKU the lot that expires first is sold first, expired ones never, `daily_demand` units a day for the days from
    `as_of` until `expires_at`, which is the first day on which it cannot be sold, as received_at + shelf life is. What
    is not sold then is thrown away and sells nothing of the next lot's time.

    Parameters
    ----------
    lots : rows of `inventory_lots`; lots without `expires_at` sell last and are never listed
    daily_demand : expected units a day by unique_id; a SKU without one sells nothing

    Returns
    -------
    DataFrame
        status (`expired`, `will_expire`), lot_id, unique_id, site, expires_at, days_left (negative: days since),
        quantity, unsold_units, unsold_value (NaN where its cost is not known)
    """
    lots = lots[(lots["quantity"] > 0) & lots["expires_at"].notna()]
    order = ["expires_at", "unique_id", "received_at", "lot_id", "site", "quantity", "unit_cost"]
    lots = lots.sort_values(order, kind="stable", ignore_index=True)
    days = _days_until(as_of, lots["expires_at"], 1)
    demand = lots["unique_id"].map(daily_demand[~daily_demand.index.duplicated()]).fillna(0.0).to_numpy(float)
    expired, units = days <= 0, lots["quantity"].to_numpy(float)
    unsold = units.copy()
    fresh = np.flatnonzero(~expired)
    unsold[fresh] = _unsold(lots["unique_id"].iloc[fresh], units[fresh], (demand * days)[fresh])
    frame = pd.DataFrame(
        {
            "status": np.where(expired, EXPIRED, WILL_EXPIRE),
            "lot_id": lots["lot_id"],
            "unique_id": lots["unique_id"],
            "site": lots["site"],
            "expires_at": lots["expires_at"],
            "days_left": days,
            "quantity": units,
            "unsold_units": unsold,
            "unsold_value": unsold * lots["unit_cost"].to_numpy(float),
        }
    )
    return frame[unsold > 0].reset_index(drop=True)


def _unsold(unique_id: pd.Series, units: Array, sellable: Array) -> Array:
    """Units (k,) of each lot that are not sold by its expiry, of lots sorted by expiry within each SKU.

    With q the units of a lot and C what its SKU sells until the lot expires (`sellable`), sales have come to
    c_k+1 = min(c_k + q_k, C_k) when the next lot begins, so that c_k = Q_k + min(0, min over j < k of C_j − Q_j+1) with
    Q_k the units of the lots before k.
    """
    sku = pd.factorize(unique_id)[0]
    through = pd.Series(units).groupby(sku).cumsum()
    gap = (sellable - through).clip(upper=0.0)
    begun = gap.groupby(sku).cummin().groupby(sku).shift(fill_value=0.0)
    left = (through + begun - sellable).to_numpy(float)
    return np.where(left > _SLIGHT * units, np.minimum(left, units), 0.0)


def _by_class(code: NDArray[np.intp], classes: NDArray[np.intp], amount: Array, n: int) -> Array:
    """Sum of the amounts (k,) by SKU and class of age, (n, classes)."""
    width = len(AGE_CLASSES)
    return np.asarray(np.bincount(code * width + classes, amount, n * width).reshape(n, width), float)


def _days_until(as_of: pd.Timestamp, day: pd.Series, sign: int) -> Array:
    """Whole days (k,) from `as_of` until each day, or with `sign` −1 since it; NaN where there is none."""
    days = day.to_numpy("datetime64[D]") - np.datetime64(as_of, "D")
    return np.where(np.isnat(days), np.nan, sign * (days / _DAY))

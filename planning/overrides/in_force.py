"""Overrides in force on a day: which one holds for which SKU and period, the most specific one, then the newest."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.overrides.override_tables import (
    BEATEN,
    EXPIRED,
    FORECAST,
    HOLD,
    NOWHERE,
    OVER,
    QUANTITY,
    USED,
    no_sku_overrides,
    shaped_as,
)
from planning.overrides.override_tables import DONE as ORDERED
from planning.overrides.sentences import what_it_sets, whose

_NAMED = 3
"""Overrides that a sentence about another one names at most: a category's may give way to hundreds of SKUs' own."""


@dataclass(frozen=True)
class OverridesInForce:
    """The overrides in force, of n SKUs and C periods: those of the forecast and the year after.

    Attributes
    ----------
    given : all of them, with `status`, `skus` and `says`
    of_skus : those that hold for a SKU, without what they replace
    periods : array (n, C), the row in `given` of the forecast override that holds in each period, −1 for none
    scopes : row in `given` of a forecast override for a category → its SKUs (k,), those of others' overrides included
    """

    given: pd.DataFrame
    of_skus: pd.DataFrame
    periods: NDArray[np.int64]
    scopes: dict[int, NDArray[np.int64]]


def in_force(
    given: pd.DataFrame,
    forecast: DemandForecast,
    items: pd.DataFrame,
    orders: pd.DataFrame,
    as_of: pd.Timestamp,
) -> OverridesInForce:
    """Settle which overrides hold on `as_of`.

    Parameters
    ----------
    given : all of them, as `planning.overrides.override_tables.together` puts them together
    items : table of the contract, for the categories
    orders : order history, `unique_id` and `ordered_at`: a fixed quantity is done once an order was placed
    """
    words = [what_it_sets(row) for row in given.to_dict("records")]
    given = given.assign(what=np.array(words, object), status=_status(given, orders, as_of))
    pairs = _pairs(given, forecast.unique_ids, items)
    met = np.zeros(len(given), bool)
    met[pairs["override"].unique()] = True
    given.loc[(given["status"] == USED) & ~met, "status"] = NOWHERE
    pairs = pairs[(given["status"] == USED).to_numpy()[pairs["override"]]].reset_index(drop=True)
    of_forecast = (given["kind"] == FORECAST).to_numpy()[pairs["override"]]
    periods, beaten = _periods(given, pairs[of_forecast], forecast)
    held, also_beaten = _held(given, pairs[~of_forecast])
    held = pd.concat([_held_periods(periods), held], ignore_index=True)
    conflicts = pd.concat([beaten, also_beaten], ignore_index=True)
    return OverridesInForce(
        given=_with_outcomes(given, held, conflicts),
        of_skus=_of_skus(given, held, conflicts, forecast.unique_ids),
        periods=periods,
        scopes={
            int(row): rows.to_numpy()
            for row, rows in pairs[of_forecast].groupby("override")["sku"]
            if pd.isna(given["unique_id"].iloc[row])
        },
    )


def period_bounds(forecast: DemandForecast) -> tuple[Array, Array]:
    """First and last day (C,) of each period that overrides can be in force in, days from the forecast's start."""
    ends = np.concatenate([forecast.ends_days, forecast.later_ends_days])
    return np.concatenate([[0.0], ends[:-1]]), ends - 1


def _status(given: pd.DataFrame, orders: pd.DataFrame, as_of: pd.Timestamp) -> NDArray[np.object_]:
    """What is to be said of each override whatever its SKUs are: in force, expired, over, or ordered already."""
    placed = orders.groupby("unique_id")["ordered_at"].max() if len(orders) else pd.Series(dtype="M8[ns]")
    last = pd.to_datetime(given["unique_id"].map(placed))
    done = (given["kind"] == QUANTITY) & (last >= given["created"])
    over = (given["kind"] == HOLD) & (given["hold_until"] <= as_of)
    return np.select([done, given["expires"] < as_of, over], [ORDERED, EXPIRED, OVER], USED).astype(object)


def _pairs(given: pd.DataFrame, unique_ids: NDArray[np.object_], items: pd.DataFrame) -> pd.DataFrame:
    """Overrides and the SKUs that they are for: rows `override` and `sku`, those that go before others last."""
    skus = pd.DataFrame({"sku": np.arange(len(unique_ids)), "unique_id": unique_ids})
    if "category" in items and len(items):
        named = items.drop_duplicates("unique_id", keep="last").set_index("unique_id")["category"]
        skus["category"] = skus["unique_id"].map(named)
    rows = given[["unique_id", "category", "created"]].assign(override=np.arange(len(given)))
    own = rows[rows["unique_id"].notna()].merge(skus[["sku", "unique_id"]], on="unique_id").assign(own=True)
    parts = [own[["override", "sku", "own", "created"]]]
    if "category" in skus:
        known = skus[skus["category"].notna()]
        shared = rows[rows["unique_id"].isna()].merge(known[["sku", "category"]], on="category")
        parts.append(shared.assign(own=False)[["override", "sku", "own", "created"]])
    pairs = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return pairs.sort_values(["own", "created", "override"], kind="stable", ignore_index=True)


def _periods(
    given: pd.DataFrame, pairs: pd.DataFrame, forecast: DemandForecast
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The forecast override in force in each SKU's periods (n, C), and the conflicts: `override`, `sku`, `beaten`.

    One is in force in all periods that hold a day of its `from` to `until`.
    """
    first, last = period_bounds(forecast)
    winner, conflicts = np.full((len(forecast), len(first)), -1), [_no_conflicts()]
    start = pd.Timestamp(forecast.starts[0])
    for row in pairs["override"].unique():  # those that go before others come last
        begins, ends = ((given[name].iloc[row] - start) / pd.Timedelta(days=1) for name in ("from", "until"))
        inside = (last >= np.nan_to_num(begins, nan=-np.inf)) & (first <= np.nan_to_num(ends, nan=np.inf))
        skus, columns = pairs["sku"][pairs["override"] == row].to_numpy(), np.flatnonzero(inside)
        at, column = np.nonzero(winner[np.ix_(skus, columns)] >= 0)
        beaten = winner[skus[at], columns[column]]
        conflicts.append(pd.DataFrame({"override": row, "sku": skus[at], "beaten": beaten}))
        winner[np.ix_(skus, columns)] = row
    return winner, pd.concat(conflicts, ignore_index=True).drop_duplicates(ignore_index=True)


def _held_periods(periods: NDArray[np.int64]) -> pd.DataFrame:
    """Forecast overrides in force for some period of a SKU: `override` and `sku`."""
    sku, period = np.nonzero(periods >= 0)
    return pd.DataFrame({"override": periods[sku, period], "sku": sku}).drop_duplicates(ignore_index=True)


def _held(given: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Overrides in force of the other kinds, one a kind and SKU: `override` and `sku`; and the conflicts."""
    kind = given["kind"].to_numpy(object)[pairs["override"]]
    ranked = pairs.assign(kind=kind)
    held = ranked.drop_duplicates(["kind", "sku"], keep="last")
    both = held.merge(ranked, on=["kind", "sku"], suffixes=("", "_beaten"))
    both = both[both["override"] != both["override_beaten"]].rename(columns={"override_beaten": "beaten"})
    return held[["override", "sku"]], both[["override", "sku", "beaten"]]


def _no_conflicts() -> pd.DataFrame:
    """Conflicts of overrides in force, none: `override` goes before `beaten` for `sku`, all row numbers."""
    return pd.DataFrame({name: pd.Series(dtype=np.int64) for name in ("override", "sku", "beaten")})


def _with_outcomes(given: pd.DataFrame, held: pd.DataFrame, conflicts: pd.DataFrame) -> pd.DataFrame:
    """The overrides with the number of SKUs that each is in force for, and which others go before it."""
    count = np.bincount(held["override"], minlength=len(given))
    status, says = given["status"].to_numpy(object).copy(), np.full(len(given), "", object)
    status[(status == USED) & (count == 0)] = OVER  # unless others go before it, its periods are gone
    for row, lost in conflicts.groupby("beaten"):
        status[row] = BEATEN if count[row] == 0 else status[row]
        others = list(dict.fromkeys(whose(given.iloc[other]) for other in lost["override"]))[:_NAMED]
        says[row] = f"{' and '.join(others)} go{'es' * (len(others) == 1)} before it"
    return given.assign(skus=count, status=status, says=says)


def _of_skus(
    given: pd.DataFrame, held: pd.DataFrame, conflicts: pd.DataFrame, unique_ids: NDArray[np.object_]
) -> pd.DataFrame:
    """A row for each override in force and SKU, with the names of those that it goes before."""
    rows = given.iloc[held["override"]].reset_index(drop=True)
    names = {row: whose(given.iloc[row]) for row in conflicts["beaten"].unique()}
    named = conflicts.assign(beaten=conflicts["beaten"].map(names)).groupby(["override", "sku"])["beaten"]
    beats = (
        named.agg(lambda texts: " and ".join(texts.iloc[:_NAMED]))
        if len(conflicts)
        else pd.Series(dtype=object)
    )
    keys = pd.MultiIndex.from_frame(held[["override", "sku"]])
    frame = rows.assign(
        unique_id=unique_ids[held["sku"].to_numpy(int)],
        value=rows["service_level"].fillna(rows["quantity"]),
        instead_of=np.nan,
        beats=beats.reindex(keys).fillna("").to_numpy(object) if len(conflicts) else "",
    )
    return shaped_as(frame, no_sku_overrides())

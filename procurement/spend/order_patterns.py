"""Odd patterns of ordering: ordered twice, ordered far too often, and bought from somebody new."""

from typing import Any

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from distributions.distribution import Array

BURST_DAYS = 14
"""Days within which orders of a SKU are counted together."""
TWICE_DAYS = 7
"""Days within which a line like another one may be the same order again."""

_DAY = np.timedelta64(1, "D")
_LEAST_GAPS = 4
_PRIOR_GAPS = 20.0
_GAPS = 50
_KNOWN_DAYS = 90


def ordered_twice(lines: pd.DataFrame) -> Array:
    """Chance that a line like the last one of its SKU at its supplier comes so soon, (n,); NaN where none did.

    Like means the same units in another order within `TWICE_DAYS`. The chance is that of so short a gap (the SKU's own
    earlier gaps, shrunk to the company's share of such gaps between lines that differ) times that of the same units.

    Parameters
    ----------
    lines : `order_id, supplier_id, unique_id, ordered_at, units` in the order of time
    """
    lane = _codes(lines, ["supplier_id", "unique_id"])
    at = np.argsort(lane, kind="stable")
    gap, number = _gaps(lines["ordered_at"].to_numpy()[at], lane[at])
    units, order = lines["units"].to_numpy(float)[at], pd.factorize(lines["order_id"])[0][at]
    again, same = np.zeros(len(at), bool), np.zeros(len(at), bool)
    again[1:] = (lane[at][1:] == lane[at][:-1]) & (order[1:] != order[:-1])
    same[1:] = np.isclose(units[1:], units[:-1], rtol=1e-9)
    soon = again & (gap <= TWICE_DAYS)
    other = again & ~same
    chance = np.full(len(at), np.nan)
    alike = soon & same
    if alike.any():
        shared = (same & again).sum() / max(again.sum(), 1)
        gaps = np.sort(gap[other])
        company = (np.searchsorted(gaps, gap[alike], side="right") + 0.5) / (len(gaps) + 1)
        own = _as_short_before(gap, lane[at], again, _GAPS)[alike]
        earlier = np.clip(number[alike] - 1, 0, _GAPS)
        chance[alike] = (own + _PRIOR_GAPS * company) / (earlier + _PRIOR_GAPS) * shared
    result = np.full(len(at), np.nan)
    result[at] = chance
    return result


def ordered_often(lines: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Orders of a line's SKU in the `BURST_DAYS` until it, as many as usual, and the chance of so many, (n,) each.

    Usual is the rate before these days; the chance is that of a Poisson number whose rate is known from as many gaps
    as there were (negative binomial). Buyers order more regularly than that, so it errs on the quiet side. NaN where
    fewer than five orders came before.
    """
    from scipy.stats import nbinom

    sku = _codes(lines, ["unique_id"])
    day = lines["ordered_at"].to_numpy().astype("datetime64[D]").astype(np.int64)
    order = pd.factorize(lines["order_id"])[0]
    first = ~pd.DataFrame({"sku": sku, "order": order}).duplicated().to_numpy()
    at = np.flatnonzero(first)
    at = at[np.argsort(sku[at], kind="stable")]
    key = sku[at] * np.int64(1_000_000) + day[at]  # one rising number for SKU and day
    begins = np.searchsorted(key, sku[at] * np.int64(1_000_000))
    window = np.searchsorted(key, key - BURST_DAYS, side="right")
    window = np.maximum(window, begins)
    here = np.searchsorted(key, key, side="right")  # orders of one day count together
    observed = (here - window).astype(float)
    gaps = np.maximum(window - begins - 1, 0)
    before = day[at][np.maximum(window - 1, 0)]
    span = np.where(gaps > 0, np.maximum(before - day[at][begins], 1), 1).astype(float)
    expected = BURST_DAYS * gaps / span
    chance = np.where(
        gaps >= _LEAST_GAPS, nbinom.sf(observed - 1, np.maximum(gaps, 1), span / (span + BURST_DAYS)), np.nan
    )
    results = []
    for values in (observed, expected, chance):
        full = np.full(len(lines), np.nan)
        full[at] = values
        results.append(full)
    return results[0], results[1], results[2]


def from_new_vendor(lines: pd.DataFrame, offers: pd.DataFrame) -> Array:
    """Chance that a line is the first from its supplier, (n,), where it is and nobody had said so; else NaN.

    Said so has who offers the SKU or has a contract for it. In a company's first `_KNOWN_DAYS` every supplier is new,
    and nothing is said. The chance is the share of lines so far that were somebody's first.
    """
    supplier = _codes(lines, ["supplier_id"])
    day = lines["ordered_at"].to_numpy()
    result = np.full(len(lines), np.nan)
    if not len(lines):
        return result
    began = pd.Series(day).groupby(supplier).transform("min").to_numpy()
    offered = pd.MultiIndex.from_frame(lines[["supplier_id", "unique_id"]]).isin(
        pd.MultiIndex.from_frame(offers[["supplier_id", "unique_id"]])
    )
    known = (day.min() + _KNOWN_DAYS * _DAY) > began
    new = ~known & ((day - began) / _DAY <= TWICE_DAYS) & ~offered & ~lines["contracted"].to_numpy(bool)
    firsts = pd.Series(~pd.Series(supplier).duplicated().to_numpy() & ~known).cumsum().to_numpy(float)
    share = firsts / np.arange(1, len(lines) + 1)
    result[new] = share[new]
    return result


def _codes(lines: pd.DataFrame, names: list[str]) -> NDArray[np.int64]:
    """One code for the values of the columns `names`, (n,)."""
    return np.asarray(lines.groupby(names, sort=True, dropna=False).ngroup(), np.int64)


def _gaps(day: NDArray[np.datetime64], group: NDArray[np.int64]) -> tuple[Array, NDArray[np.int64]]:
    """Days since the row before of the same group (infinite for its first), and how many came before, (n,) each."""
    gap = np.full(len(day), np.inf)
    if len(day):
        same = group[1:] == group[:-1]
        gap[1:] = np.where(same, (day[1:] - day[:-1]) / _DAY, np.inf)
    number = pd.Series(group).groupby(group).cumcount().to_numpy(np.int64)
    return gap, number


@njit(cache=True, nogil=True)
def _as_short_before(gap: Any, group: Any, counts: Any, window: int) -> Any:
    """Gaps before each one of its group that were as short as it, (n,): of the last ones those that `counts`."""
    result = np.zeros(len(gap))
    for row in range(len(gap)):
        for back in range(1, window + 1):
            if row - back < 0 or group[row - back] != group[row]:
                break
            if counts[row - back] and gap[row - back] <= gap[row]:
                result[row] += 1.0
    return result

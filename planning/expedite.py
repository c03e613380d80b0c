"""What it is worth to hurry an open order: the shortage it saves until a new order could arrive."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from planning.distributions import Array, Distribution
from planning.draws import STEPS
from planning.outlook import Outlook
from planning.projection import CHUNK, Projection, at_arrival
from planning.side_by_side import chunks_of, side_by_side

SOONEST_DAYS = 1.0
"""An order that is hurried comes tomorrow."""


MOST_SKUS = 3_000
"""SKUs whose orders are looked at: those with the most shortage at stake. Nobody calls about more."""


def expedite_values(
    outlook: Outlook,
    projection: Projection,
    lead_time: Distribution,
    shortage: Array,
    *,
    where: NDArray[np.bool_],
) -> Array:
    """Money saved by each open order of the outlook, on its own, if it came tomorrow, (m,).

    b · (units short before a new order arrives − those with the order here tomorrow), both in the same scenarios:
    the difference is what hurrying does, not luck.

    Parameters
    ----------
    projection : of the same outlook
    lead_time : of an order placed now, n rows; what falls short after it can be helped by ordering
    shortage : b, array (n,), money per unit short
    where : array (n,), SKUs whose orders are looked at, `MOST_SKUS` at most; NaN for the orders of others
    """
    values = np.full(len(outlook.pipeline), np.nan)
    lines = np.flatnonzero(
        _matters(projection.short_before(lead_time) * shortage, where)[outlook.pipeline.sku]
    )
    chunks = chunks_of(lines, CHUNK)
    saved = partial(_saved, outlook, projection, lead_time)
    for some, units in zip(chunks, side_by_side(saved, chunks), strict=True):
        values[some] = units * shortage[outlook.pipeline.sku[some]]
    return values


def _matters(money: Array, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The `MOST_SKUS` of `where` with the most `money` (n,) at stake."""
    at_stake = np.where(where, money, np.nan)
    if (~np.isnan(at_stake)).sum() <= MOST_SKUS:
        return where
    order = np.argsort(-at_stake, kind="stable")  # NaN goes last
    return np.asarray(np.isin(np.arange(len(money)), order[:MOST_SKUS]))


def _saved(
    outlook: Outlook, projection: Projection, lead_time: Distribution, lines: NDArray[np.intp]
) -> Array:
    """Units (k,) that no longer fall short when each of some open orders (k,) comes tomorrow."""
    rows = outlook.pipeline.sku[lines]
    short = np.empty((len(lines), STEPS + 1))
    for k, now in enumerate(outlook.walk(rows, outlook.arrivals(rows, lines, SOONEST_DAYS))):
        short[:, k] = now.short.mean(axis=1)
    fewer = projection.short[rows] - short
    return np.maximum(at_arrival(fewer, outlook.reach[rows], lead_time[rows]), 0.0)

"""What it is worth to hurry an open order: the shortage it saves until a new order could arrive."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from planning.distributions import Array, Distribution
from planning.draws import STEPS
from planning.outlook import Outlook
from planning.projection import CHUNK, at_arrival, side_by_side

SOONEST_DAYS = 1.0
"""An order that is hurried comes tomorrow."""


def expedite_values(
    outlook: Outlook, lead_time: Distribution, shortage: Array, *, where: NDArray[np.bool_]
) -> Array:
    """Money saved by each open order of the outlook, on its own, if it came tomorrow, (m,).

    b · (units short before a new order arrives − those with the order here tomorrow), both in the same scenarios:
    the difference is what hurrying does, not luck.

    Parameters
    ----------
    lead_time : of an order placed now, n rows; what falls short after it can be helped by ordering
    shortage : b, array (n,), money per unit short
    where : array (n,), SKUs whose orders are looked at; NaN for the others'
    """
    values = np.full(len(outlook.pipeline), np.nan)
    lines = np.flatnonzero(where[outlook.pipeline.sku])
    chunks = [lines[start : start + CHUNK] for start in range(0, len(lines), CHUNK)]
    for some, saved in zip(chunks, side_by_side(partial(_saved, outlook, lead_time), chunks), strict=True):
        values[some] = saved * shortage[outlook.pipeline.sku[some]]
    return values


def _saved(outlook: Outlook, lead_time: Distribution, lines: NDArray[np.intp]) -> Array:
    """Units (k,) that no longer fall short when each of some open orders (k,) comes tomorrow."""
    rows = outlook.pipeline.sku[lines]
    ways = (outlook.arrivals(rows), outlook.arrivals(rows, lines, SOONEST_DAYS))
    short = np.zeros((2, len(lines), STEPS + 1))
    for way, arrivals in zip(short, ways, strict=True):
        for k, now in enumerate(outlook.walk(rows, arrivals)):
            way[:, k] = now.short.mean(axis=1)
    return np.maximum(at_arrival(short[0] - short[1], outlook.reach[rows], lead_time[rows]), 0.0)

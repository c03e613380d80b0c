"""Lead times of the orders that a played lane may place: one for each review and scenario, whatever is ordered."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks
from planning.protocols import SharedDelay
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels

_SLICES = 2048
"""Slices of equal chance of a lead time, each with that of its middle: ten times quicker than the distribution."""

_LONGEST = 10_000
_CHUNK = 64  # lanes at a time


def lead_time_draws(
    lead_time: Distribution,
    names: tuple[NDArray[np.object_], NDArray[np.object_]],
    *,
    reviews: Array,
    scenarios: int,
    shared: SharedDelay,
    level: NDArray[np.float32] | None = None,
) -> NDArray[np.int16]:
    """Whole days (n, V, M) that an order of lane i takes if it is placed at review v in scenario j.

    Normal scores are √ρ·W + √(1−ρ)·ε: ε is the order's own, keyed by SKU and supplier, W its supplier's of that day,
    which all its SKUs share and which forgets by exp(−g/τ), as `planning.projection.arrival_scenarios` has it. Where
    delays go with demand they are r·F + √(1−r²) times that, F the level of the SKU's demand.

    Parameters
    ----------
    lead_time : n distributions, days
    names : unique ids and supplier ids (n,) of the lanes
    reviews : array (V,), days of the reviews from the day of planning on
    level : array (n, V, M), normal scores F of the level of the lane's demand at each review; without, r is 0
    """
    keys, supplier_ids, r = name_keys(*names), names[1], shared.with_demand
    suppliers, row = np.unique(supplier_ids.astype(str), return_inverse=True)
    together = level is not None and r != 0
    common = np.zeros((0, len(reviews), scenarios), np.float32)
    if shared.strength:
        common = supplier_scores(suppliers.astype(object), reviews, scenarios, shared)
    result = np.empty((len(keys), len(reviews), scenarios), np.int16)

    def chunk(rows: NDArray[np.intp]) -> None:
        chance = stratified_levels(keys[rows], len(reviews), scenarios, Luck.ORDER)
        if shared.strength or together:
            own = ndtri(chance)
            if shared.strength:
                own = np.sqrt(shared.strength) * common[row[rows]] + np.sqrt(1 - shared.strength) * own
            if level is not None and together:
                own = r * level[rows] + np.sqrt(1 - r**2) * own
            chance = ndtr(own)
        slices = np.minimum((chance * _SLICES).astype(np.intp), _SLICES - 1)
        days = np.round(np.maximum(lead_time[rows].quantiles_at((np.arange(_SLICES) + 0.5) / _SLICES), 0.0))
        slices += np.arange(0, _SLICES * len(rows), _SLICES)[:, None, None]
        result[rows] = np.minimum(days, _LONGEST).astype(np.int16).take(slices)

    for _ in map_in_threads(chunk, row_chunks(np.arange(len(keys)), _CHUNK)):
        pass  # each writes its rows
    return result


def supplier_scores(
    suppliers: NDArray[np.object_], reviews: Array, scenarios: int, shared: SharedDelay
) -> NDArray[np.float32]:
    """Normal scores W (suppliers, V, M) of how late a supplier is in the days of each review."""
    levels = stratified_levels(name_keys(suppliers), len(reviews), scenarios, Luck.SUPPLIER)
    scores = ndtri(levels).astype(np.float32)
    for v in range(1, len(reviews)):
        kept = np.float32(np.exp(-(reviews[v] - reviews[v - 1]) / shared.days))
        scores[:, v] = kept * scores[:, v - 1] + np.sqrt(1 - kept**2) * scores[:, v]
    return scores

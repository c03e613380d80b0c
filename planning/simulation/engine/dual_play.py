"""Two suppliers of one SKU in one play: n pairs of lanes in M scenarios, under a dual-index policy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.simulation.engine import dual_kernel as kernel
from planning.simulation.engine.lane_play import PlayedLanes, PlayedPolicy, World

_CHUNK = 16  # pairs that a thread plays at a time


@dataclass(frozen=True)
class DualResult:
    """What n SKUs bought from two suppliers came to in M scenarios over the `days` that count.

    Attributes
    ----------
    demand, missed, stock_days, wasted, cycles, short_cycles : of the SKU, arrays (n, M), as `lane_play.PlayResult`
    orders, ordered, spent, pipeline_days, received, rejected : of base and surge supplier, arrays (n, M, 2)
    """

    days: int
    demand: Array
    missed: Array
    stock_days: Array
    wasted: Array
    cycles: Array
    short_cycles: Array
    orders: Array
    ordered: Array
    spent: Array
    pipeline_days: Array
    received: Array
    rejected: Array

    @property
    def surge_share(self) -> Array:
        """Share of the units ordered that the surge supplier is asked for, (n,); NaN without any."""
        units = self.ordered.sum(axis=1)
        total = units.sum(axis=1)
        return np.asarray(
            np.divide(units[:, kernel.SURGE], total, out=np.full(len(total), np.nan), where=total > 0)
        )


def play_dual(
    base: tuple[PlayedLanes, PlayedPolicy, World],
    surge: tuple[PlayedLanes, PlayedPolicy, World],
    counts_from: Array,
) -> DualResult:
    """Play n SKUs bought from two suppliers each, in the same world but for their lead times.

    Parameters
    ----------
    base, surge : lanes of the same n SKUs with their policies; a reorder point of minus infinity: never
    counts_from : array (n,), age in days from which an order of the base supplier is counted on by the surge
        supplier's: it is expected before an order placed with that one now
    """
    both, world = (base, surge), base[2]
    lanes = np.stack([_facts(each) for each, _, _ in both], axis=1)
    levels = np.stack(
        [np.stack([policy.reorder_point, policy.order_up_to, policy.a_day], axis=2) for _, policy, _ in both],
        axis=1,
    )
    lead_days = np.stack([np.abs(each.lead_days) for _, _, each in both], axis=1)
    brackets = np.stack(_same_width([_brackets(each) for each, _, _ in both]), axis=1)
    some = base[0]
    pairs = np.stack(
        [
            np.nan_to_num(some.shelf_life),
            some.whole.astype(float),
            np.full(len(some.sku), 0.0 if world.lost_sales else 1.0),
            np.maximum(world.warm_up, surge[2].warm_up).astype(float),
            counts_from,
        ],
        axis=1,
    )
    settings = np.array([world.review, world.days], np.int64)

    def chunk(rows: NDArray[np.intp]) -> tuple[Array, Array]:
        counted: tuple[Array, Array] = kernel.play_pairs(
            some.sku[rows], world.demand.by_day, lead_days[rows], levels[rows], pairs[rows], lanes[rows],
            brackets[rows], settings,
        )  # fmt: skip
        return counted

    parts = list(map_in_threads(chunk, row_chunks(np.arange(len(some.sku)), _CHUNK)))
    sku, supplier = (np.concatenate(part) for part in zip(*parts, strict=True))
    of_sku, of_supplier = np.moveaxis(sku, 2, 0), np.moveaxis(supplier, 3, 0)
    return DualResult(world.days, *of_sku, *of_supplier)


def _facts(lanes: PlayedLanes) -> Array:
    """What the kernel needs of each supplier's lanes, (n, 8), in its order."""
    return np.stack(
        [
            lanes.limits.moq,
            lanes.limits.multiple,
            lanes.limits.maximum,
            lanes.rejected,
            lanes.yearly,
            np.nan_to_num(lanes.holding),
            lanes.sellable,
            lanes.interval,
        ],
        axis=1,
    )


def _brackets(lanes: PlayedLanes) -> Array:
    """Price brackets (n, B, 2): starts and prices."""
    return np.stack([lanes.prices.starts, np.nan_to_num(lanes.prices.prices)], axis=2)


def _same_width(brackets: list[Array]) -> list[Array]:
    """The brackets of two suppliers with as many columns each; those not used begin at infinity."""
    width = max(each.shape[1] for each in brackets)
    result = []
    for each in brackets:
        more = np.zeros((len(each), width - each.shape[1], 2))
        more[:, :, 0] = np.inf
        result.append(np.concatenate([each, more], axis=1))
    return result

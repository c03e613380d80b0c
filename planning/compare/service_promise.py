"""What a promise of service costs: the year's stock, waste and shortage of every SKU at service levels up to 99.5 %."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.year_play import YearPlay
from planning.policy.reorder_points import expected_shortage, reorder_points
from planning.policy.targets import CYCLE, FILL, Targets

PROMISES = (0.90, 0.925, 0.95, 0.965, 0.98, 0.99, 0.995)
"""Service levels whose cost is said."""

COLUMNS = [
    "unique_id", "supplier_id", "category", "promise", "reorder_point", "safety_stock", "holding", "waste", "shortage",
    "short", "played", "reached", "perishes",
]  # fmt: skip

MOST_PLAYED = 1_000
"""SKUs that are played: those that may perish, whose waste no closed form knows, then those whose stock costs most."""

_ASKED = (0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Levels of the closed form whose reorder points are played; what each keeps in play is mostly above it."""

_SCENARIOS, _CHUNK = 64, 500


def no_service_cost() -> pd.DataFrame:
    """The cost of service of no SKU at all."""
    return pd.DataFrame(columns=COLUMNS)


@dataclass(frozen=True)
class _Outcomes:
    """What n SKUs come to at k reorder points, arrays (n, k): units, share kept, and money a year."""

    reorder_point: Array
    service: Array
    holding: Array
    waste: Array
    shortage: Array
    short: Array


def service_cost_frame(assessment: Assessment, *, most_played: int = MOST_PLAYED) -> pd.DataFrame:
    """What each SKU's service costs a year at every level of `PROMISES`, bought through its lane as it is.

    Where a SKU is played, reorder points from low to high are played on the same years, and its costs are read off
    between them at the service that these kept; else the closed form says the level's reorder point and its shortage,
    and holding is H·(safety stock + Q/2).

    Returns
    -------
    DataFrame
        `COLUMNS`, one row a SKU that is bought and priced, and promise: share of cycles without a stockout, or of
        demand met where the SKU aims at a fill rate; reorder_point and safety_stock in units; holding, waste (NaN where
        not played) and shortage in money, short in units a year; played; reached: false where no reorder point that
        was played keeps the promise, as with goods that perish: then all is as at the highest
    """
    terms = assessment.chosen_terms
    rows = np.flatnonzero(terms.bought & terms.costs.known & ~terms.limits.impossible)
    if not len(rows):
        return no_service_cost()
    terms = terms.select(rows)
    played = _worth_playing(assessment, terms, most_played)
    frames = []
    if played.any():
        some = terms.select(np.flatnonzero(played))
        frames.append(_frame(some, _at_promises(_played(assessment, some)), played=True))
    if not played.all():
        some = terms.select(np.flatnonzero(~played))
        frames.append(_frame(some, (_closed(some, PROMISES), _all_reached(len(some.lanes))), played=False))
    frame = pd.concat(frames, ignore_index=True)
    shelf_life = numbers_by_sku(
        assessment.inputs.items, "shelf_life_days", frame["unique_id"].to_numpy(object)
    )
    frame = frame.assign(perishes=~np.isnan(shelf_life))[COLUMNS]
    return frame.sort_values(["unique_id", "promise"], kind="stable", ignore_index=True)


def _worth_playing(assessment: Assessment, terms: LaneTerms, most: int) -> NDArray[np.bool_]:
    """Which of n SKUs are played, as many as `most`."""
    ids = terms.lanes["unique_id"].to_numpy(object)
    perish = ~np.isnan(numbers_by_sku(assessment.inputs.items, "shelf_life_days", ids))
    order = np.lexsort((-terms.costs.holding * terms.reorder_point, ~perish))
    chosen = np.zeros(len(ids), bool)
    chosen[order[:most]] = True
    return chosen


def _points(terms: LaneTerms, level: float) -> Array:
    """Reorder points (n,) of the closed form at a level."""
    n = len(terms.lanes)
    kind = np.where(terms.targets.kind == FILL, FILL, CYCLE).astype(object)
    sure = np.ones(n, bool)
    targets = Targets(kind, np.full(n, level), priced=sure, capped=~sure)
    return reorder_points(
        targets,
        terms.demand.lead_time_demand,
        before_arrival=terms.demand.before_arrival,
        cycle_end=terms.demand.to_cycle_end,
        whole=terms.lanes["whole"].to_numpy(bool),
    )


def _played(assessment: Assessment, terms: LaneTerms) -> _Outcomes:
    """Outcomes of the reorder points of `_ASKED`, played."""
    lot = terms.order_up_to - terms.reorder_point
    points = np.stack([_points(terms, level) for level in _ASKED], axis=1)
    found: dict[str, list[Array]] = {
        name: [] for name in ("service", "holding", "waste", "shortage", "short")
    }
    for start in range(0, len(lot), _CHUNK):
        part = np.arange(start, min(start + _CHUNK, len(lot)))
        some, asked = terms.select(part), points[part]
        year = YearPlay.of(
            some,
            assessment.forecast,
            assessment.inputs.items,
            assessment.setting,
            scenarios=_SCENARIOS,
            shared=assessment.pipeline.shared_delay,
        )
        kept: dict[str, list[Array]] = {name: [] for name in found}
        for k in range(len(_ASKED)):
            result = year.play(asked[:, k], asked[:, k] + lot[part])
            cost = year.cost(result)
            by_fill = some.targets.kind == FILL
            kept["service"].append(np.where(by_fill, result.fill_rate, result.cycle_service))
            for name, money in (
                ("holding", cost.stock),
                ("waste", cost.spoilage),
                ("shortage", cost.shortage),
            ):
                kept[name].append(money.mean(axis=1))
            kept["short"].append(result.missed.mean(axis=1) * DAYS_A_YEAR / result.days)
        for name, columns in kept.items():
            found[name].append(np.stack(columns, axis=1))
    return _Outcomes(points, **{name: np.concatenate(parts) for name, parts in found.items()})


def _at_promises(played: _Outcomes) -> tuple[_Outcomes, NDArray[np.bool_]]:
    """Outcomes (n, P) at the promises, read off between what was played at the service it kept; and which are reached.

    A SKU without a cycle in play keeps every promise with the lowest reorder point that was played.
    """
    service = np.maximum.accumulate(np.nan_to_num(played.service, nan=1.0), axis=1)
    promises = np.array(PROMISES)
    n, k = service.shape
    above = (service[:, :, None] >= promises[None, None, :]).argmax(axis=1)  # first column that keeps it
    reached = service[:, -1:] >= promises
    above = np.where(reached, above, k - 1)
    below, at = np.maximum(above - 1, 0), np.arange(n)[:, None]
    gap = service[at, above] - service[at, below]
    share = np.divide(promises - service[at, below], gap, out=np.ones_like(gap), where=gap > 0)
    share = np.where(reached & (above > 0), np.clip(share, 0.0, 1.0), 1.0)

    def read(values: Array) -> Array:
        return np.asarray(values[at, below] + share * (values[at, above] - values[at, below]))

    outcomes = _Outcomes(
        read(played.reorder_point),
        read(service),
        read(played.holding),
        read(played.waste),
        read(played.shortage),
        read(played.short),
    )
    return outcomes, reached


def _closed(terms: LaneTerms, levels: tuple[float, ...]) -> _Outcomes:
    """Outcomes (n, P) at levels by the closed form; what is wasted it does not know."""
    points = np.stack([_points(terms, level) for level in levels], axis=1)
    safety = points - terms.demand.expected[:, None]
    held = np.maximum(safety + terms.order_size[:, None] / 2, 0.0)
    missing = np.stack(
        [
            expected_shortage(terms.demand.to_cycle_end, terms.demand.before_arrival, points[:, k])
            for k in range(len(levels))
        ],
        axis=1,
    )
    orders = np.divide(
        terms.demand.yearly, terms.order_size, out=np.zeros(len(points)), where=terms.order_size > 0
    )
    cycles = np.minimum(orders, DAYS_A_YEAR / terms.steady_state.cycle_days)[:, None]
    short = np.minimum(missing, terms.demand.a_cycle[:, None]) * cycles
    return _Outcomes(
        reorder_point=points,
        service=np.broadcast_to(np.array(levels), points.shape),
        holding=terms.costs.holding[:, None] * held,
        waste=np.full(points.shape, np.nan),
        shortage=terms.costs.shortage[:, None] * short,
        short=short,
    )


def _all_reached(n: int) -> NDArray[np.bool_]:
    """By the closed form every promise is kept."""
    return np.ones((n, len(PROMISES)), bool)


def _frame(terms: LaneTerms, found: tuple[_Outcomes, NDArray[np.bool_]], *, played: bool) -> pd.DataFrame:
    """Outcomes of SKUs at the promises as rows, `COLUMNS` but for `perishes`."""
    outcomes, reached = found
    count = len(PROMISES)
    return pd.DataFrame(
        {
            **{
                name: np.repeat(terms.lanes[name].to_numpy(object), count)
                for name in ("unique_id", "supplier_id", "category")
            },
            "promise": np.tile(PROMISES, len(terms.lanes)),
            "reorder_point": outcomes.reorder_point.ravel(),
            "safety_stock": (outcomes.reorder_point - terms.demand.expected[:, None]).ravel(),
            **{name: getattr(outcomes, name).ravel() for name in ("holding", "waste", "shortage", "short")},
            "played": played,
            "reached": reached.ravel(),
        }
    )

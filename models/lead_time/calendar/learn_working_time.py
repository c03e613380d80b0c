"""Learns what orders wait for, from how much later than the supplier's other orders they came.

The days by which a shipment differs from its supplier's level at that time are regressed on the rests ahead of it and
on its weekday. A rest ahead is measured by what it would cost were nothing done in it, averaged over the supplier's
usual lead times from that day on, and not by how much of it the order went through: slow orders go through more.
Slopes are shrunk to those of all suppliers, and these to nothing, by how far they differ beyond chance.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.working_time import MOST, Stretch, WorkingTime, days_of
from models.lead_time.evaluation.backtest import WINDOWS
from models.lead_time.evaluation.crps import cdf_on, censored_crps, time_grid
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.snapshots import as_of, folds

_POINTS = 9  # of a supplier's usual lead times
_LATE = (
    1.5  # times the slowest usual lead time: as old an order must be to count, or the quick ones alone would
)
_AROUND = 7  # shipments on either side, whose mean is the supplier's level at that time
_MET = 0.1  # of the usual lead time: with more of rest ahead a shipment says nothing of the level
_LEAST_SHIPMENTS = 8
_SPREAD_SHIPMENTS = 8.0  # that the relative spread of all suppliers counts for
_ERRORS = 2.0
_STRENGTH = 5.0
_LEAST_EPISODES = 8
_NOTHING = 1e-12


@dataclass(frozen=True)
class _Shipments:
    """n shipments by supplier and day.

    Attributes
    ----------
    supplier : (n,), 0 … S − 1
    weekday : (n,), 0 Monday
    beyond : (n,), days beyond the supplier's level at that time
    ahead : (n, E), days that each kind of rest would cost, beyond what it costs usually at that time
    precision : (n,), one over the variance of `beyond`
    """

    supplier: NDArray[np.int64]
    weekday: NDArray[np.int64]
    beyond: Array
    ahead: Array
    precision: Array


def working_time_that_pays(
    orders: pd.DataFrame, sample: pd.DataFrame, supplier_calendar: SupplierCalendar
) -> WorkingTime:
    """Learn the waits of `orders`; of weekdays and rests those are kept that pay on earlier snapshots of `sample`.

    Both are usable rows of `features.orders.history.order_history`. Shutdowns that come once in the history cannot be judged by
    earlier snapshots; there it is enough that they differ beyond chance.
    """
    learned = learn_working_time(orders, supplier_calendar)
    if not learned.by_weekday and not learned.by_rest:
        return learned
    of_weekday, of_rest = _gains(sample, supplier_calendar)
    weekday = learned.by_weekday and _pays(of_weekday, unjudged=False)
    rest = learned.by_rest and _pays(of_rest, unjudged=True)
    return learned.without(weekday=not weekday, rest=not rest)


def learn_working_time(orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> WorkingTime:
    """WorkingTime as the closed `orders` show them, zeros where nothing differs beyond chance."""
    closed = orders[~orders["is_open"].astype(bool)]
    code, suppliers = pd.factorize(closed["supplier_id"].astype(str), sort=True)
    daily = _daily(code, closed)
    daily = daily[daily["shipments"] >= _LEAST_SHIPMENTS].reset_index(drop=True)
    if daily.empty:
        return WorkingTime.nothing()
    names, sent = _shipments(
        daily, np.asarray(suppliers), supplier_calendar, float(days_of(pd.Series([as_of(orders)]))[0])
    )
    groups = len(suppliers)
    slopes = [_slopes(sent, sent.beyond, x[:, None], groups) for x in sent.ahead.T]
    share = np.clip(np.column_stack([np.zeros((groups + 1, 0)), *slopes]), 0.0, MOST)
    rested = (share[sent.supplier] * sent.ahead).sum(axis=1)
    is_day = (sent.weekday[:, None] == np.arange(7)).astype(float)
    weekday = _slopes(sent, sent.beyond - rested, is_day, groups)
    weekday -= weekday.min(axis=1, keepdims=True)
    return WorkingTime(pd.Index(suppliers, dtype=object), weekday, names, share)


def _daily(code: NDArray[np.int64], closed: pd.DataFrame) -> pd.DataFrame:
    """Mean lead time by supplier and day of ordering, for lines of one day share their fate; how many each has."""
    lines = pd.DataFrame(
        {"code": code, "ordered_at": closed["ordered_at"].dt.normalize(), "days": closed["duration"]}
    )
    daily = lines.groupby(["code", "ordered_at"], sort=True)["days"].mean().reset_index()
    return daily.assign(shipments=daily.groupby("code")["days"].transform("size"))


def _shipments(
    daily: pd.DataFrame, suppliers: NDArray[np.object_], supplier_calendar: SupplierCalendar, today: float
) -> tuple[tuple[str, ...], _Shipments]:
    code, days = daily["code"].to_numpy(np.int64), daily["days"].to_numpy(float)
    present, own = np.unique(code, return_inverse=True)
    usual = _usual(own, days)
    start = days_of(daily["ordered_at"])
    rests = supplier_calendar.rests_of(suppliers[present])
    whole = np.broadcast_to(MOST, (len(own), len(rests.names)))
    ahead = np.zeros(whole.shape)
    for kind in range(len(rests.names)):
        stretch = Stretch.of(rests.only(kind), own, whole)
        ahead[:, kind] = (stretch.elapsed(start, usual[own]) - usual[own]).mean(axis=1) / MOST
    plain = ahead.sum(axis=1) <= _MET * usual[own].mean(axis=1)
    level = _level(np.column_stack([days, ahead]), own, plain)
    beyond = days - level[:, 0]
    settled = np.isfinite(beyond) & (start + _LATE * usual[own, -1] <= today)
    variance = _variance(beyond, own, plain & settled, usual.mean(axis=1))[own]
    kept = settled & (variance > 0)
    return rests.names, _Shipments(
        supplier=code[kept],
        weekday=daily["ordered_at"].dt.dayofweek.to_numpy(np.int64)[kept],
        beyond=beyond[kept],
        ahead=(ahead - level[:, 1:])[kept],
        precision=1 / variance[kept],
    )


def _usual(own: NDArray[np.int64], days: Array) -> Array:
    """Nine quantiles of each supplier's lead times, (S, 9), rising."""
    ranked = days[np.lexsort((days, own))]
    count = np.bincount(own)
    first = np.cumsum(count) - count
    place = (np.arange(_POINTS) + 0.5) / _POINTS
    return np.asarray(ranked[first[:, None] + (place * count[:, None]).astype(int)])


def _level(values: Array, own: NDArray[np.int64], plain: NDArray[np.bool_]) -> Array:
    """Mean of `values` (n, m) over the plain ones among 15 shipments around each, else over its supplier's plain ones.

    Rows are sorted by supplier and day. NaN where a supplier has no plain one.
    """
    count = np.bincount(own)
    last = np.cumsum(count)[own]
    first = last - count[own]
    at = np.arange(len(own))
    sums = np.concatenate([np.zeros((1, values.shape[1] + 1)), np.cumsum(_counted(values, plain), axis=0)])
    near = sums[np.minimum(at + _AROUND + 1, last)] - sums[np.maximum(at - _AROUND, first)]
    whole = sums[last] - sums[first]
    chosen = np.where(near[:, :1] > 0, near, whole)
    mean = np.full(values.shape, np.nan)
    np.divide(chosen[:, 1:], chosen[:, :1], out=mean, where=chosen[:, :1] > 0)
    return mean


def _counted(values: Array, plain: NDArray[np.bool_]) -> Array:
    return np.asarray(np.column_stack([np.ones(len(values)), values]) * plain[:, None])


def _variance(beyond: Array, own: NDArray[np.int64], told: NDArray[np.bool_], usual: Array) -> Array:
    """Variance of each supplier's shipments around its level, (S,), shrunk to how all vary in proportion to theirs."""
    count = np.bincount(own[told], minlength=len(usual))
    square = np.bincount(own[told], beyond[told] ** 2, len(usual))
    relative = square.sum() / max(float((count * usual**2).sum()), 1e-12)
    return np.asarray((square + _SPREAD_SHIPMENTS * relative * usual**2) / (count + _SPREAD_SHIPMENTS))


def _slopes(sent: _Shipments, beyond: Array, x: Array, groups: int) -> Array:
    """Slopes of `beyond` (n,) on each of x (n, K) by supplier, (G + 1, K); the last row is everybody's.

    b_sk ~ N(μ_k, τ²) and μ_k ~ N(0, ν²), with the τ² and ν² of DerSimonian and Laird (1986), less two standard
    errors of what they would be by chance: where nothing differs beyond chance, nothing is learned.
    """
    cells = sent.supplier[:, None] * x.shape[1] + np.arange(x.shape[1])
    shape = (groups, x.shape[1])
    told = _sums(cells, sent.precision[:, None] * x**2, shape)
    sums = _sums(cells, (sent.precision * beyond)[:, None] * x, shape)
    slope = np.divide(sums, told, out=np.zeros(shape), where=told > 0)
    between = _excess(slope, told)
    weight = told / (1 + told * between)
    evidence = np.maximum(weight.sum(axis=0), _NOTHING)
    middle = (weight * slope).sum(axis=0) / evidence
    away = _excess_from_nothing(middle, weight.sum(axis=0))
    common = middle * away * evidence / (1 + away * evidence)
    own = common + (slope - common) * between * told / (1 + between * told)
    return np.vstack([own, common])


def _sums(cells: NDArray[np.int64], values: Array, shape: tuple[int, int]) -> Array:
    counts = np.bincount(cells.ravel(), values.ravel(), shape[0] * shape[1])
    return np.asarray(counts, float).reshape(shape)


def _excess(slope: Array, told: Array) -> float:
    """Variance of slopes (S, K) around the mean of their column beyond that of their errors, 1 / `told` (S, K)."""
    total = np.maximum(told.sum(axis=0), _NOTHING)
    middle = (told * slope).sum(axis=0) / total
    free = float(((told > 0).sum(axis=0) - 1).clip(min=0).sum())
    surplus = float((told * (slope - middle) ** 2).sum()) - free - _ERRORS * np.sqrt(2 * free)
    return float(max(surplus, 0.0) / max(float((total - (told**2).sum(axis=0) / total).sum()), _NOTHING))


def _excess_from_nothing(slope: Array, told: Array) -> float:
    """The same of slopes (K,) around zero."""
    free = float((told > 0).sum())
    surplus = float((told * slope**2).sum()) - free - _ERRORS * np.sqrt(2 * free)
    return float(max(surplus, 0.0) / max(float(told.sum()), _NOTHING))


def _gains(sample: pd.DataFrame, supplier_calendar: SupplierCalendar) -> tuple[Array, Array]:
    """Relative gain of CRPS by waits for a weekday and for rests, by supplier and window where they change anything."""
    grid, days = time_grid(sample)
    parts = []
    for fold in folds(sample, WINDOWS):
        found = learn_working_time(fold.past, supplier_calendar)
        losses = []
        for waits in (WorkingTime.nothing(), found.without(rest=True), found.without(weekday=True)):
            model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,)).fit(
                waits.worked(fold.past, supplier_calendar)
            )
            values = waits.calendar_days(model.predict(fold.later).values, fold.later, supplier_calendar)
            losses.append(censored_crps(cdf_on(values, grid), fold.later, grid, days))
        mean = pd.DataFrame(np.column_stack(losses)).groupby(fold.later["supplier_id"].to_numpy()).mean()
        parts.append(1 - mean.to_numpy()[:, 1:] / np.maximum(mean.to_numpy()[:, :1], _NOTHING))
    gains = np.concatenate([np.zeros((0, 2)), *parts])
    return gains[gains[:, 0] != 0, 0], gains[gains[:, 1] != 0, 1]


def _pays(gains: Array, *, unjudged: bool) -> bool:
    """Whether the mean gain is above nothing by more than a standard error; `unjudged` with too few to tell."""
    if len(gains) < _LEAST_EPISODES:
        return unjudged
    return bool(gains.mean() > gains.std(ddof=1) / np.sqrt(len(gains)))

"""Control charts of lead times that hold for any law: sequential ranks, four CUSUMs, and a state with hysteresis.

Each order is ranked among those of its supplier that were usual before it. While nothing changes, such ranks follow
the same law whatever the law of the lead times is (McDonald 1990, Naval Research Logistics 37), so the limits hold for
gamma, lognormal and two-mode suppliers alike. The ranks run into CUSUMs of log-likelihood ratios, which `bets` reads
off each supplier's own past: of lead times 30 % up or down, and of twice or half the spread.

Orders are judged in the order they were placed, each once: when it has come, or when it has been open for longer than
what counts as latest. The quick ones of a batch therefore never speak before the slow ones, and an order that does
not come speaks without coming.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array
from models.lead_time.changes.rank_likelihoods import CLASSES, heights, log_bets

STATES = ("stable", "eroding", "improving", "erratic")
STABLE, ERODING, IMPROVING, ERRATIC = range(4)
UP, DOWN, WIDER, NARROWER = range(4)

WINDOW = 200
"""Orders that an order is ranked among."""
LAG = 10
"""Latest orders that are not among them: a change must not hide itself by becoming the measure."""
LEAST = 8
"""Orders to rank among, below which nothing is said."""
SETTLED = 30
"""Orders after which a new level is the usual one, at the least."""
LEAVE = 0.25
"""Share of its limit to which a chart must fall for a flag to end."""

_LATEST = 0.98  # with fewer than 50 orders to rank among: later than all of them
_CLEAR = 2.5  # standard errors by which the mean of a wider stretch is off, for it to be a shift
_TOO_WIDE = 2.2  # variance of the scores of a stretch, by which it is no shift
_SHARES = np.array([0.6, 0.1, 0.6, 0.05])
"""Weight of each chart in the false alarms: what comes later or less surely costs more than what comes sooner. They
sum to more than one, for with few and large steps the charts of the scatter raise fewer than `heights` says."""
_LEARNING = 20.0  # simulated: keeps the rate of false alarms about the same from 20 orders to 200
_REFRESH = 10  # orders for which the bets on a supplier's ranks are kept


@dataclass(frozen=True)
class Alarm:
    """Supplier `row` was flagged with `state` when its order `at` was judged; the change began with order `since`."""

    row: int
    state: int
    since: int
    at: int


def ranks(x: Array, before: Array, usual: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    """Ranks (S,) of `x` (S,) among those of `before` (S, W) that are `usual`, 0 … 1, and whether it is latest.

    u = (r − ½) / (n + 1) with r the rank among n + 1, ties halved. What is later than 98 % of them gets one rank, the
    middle of that stretch, so that an open order need not be waited for. NaN where n < `LEAST`.
    """
    n = usual.sum(axis=1)
    below = (usual & (before < x[:, None])).sum(axis=1)
    equal = (usual & (before == x[:, None])).sum(axis=1)
    rank = (below + equal / 2 + 0.5) / (n + 1)
    top = np.where(n < 1 / (1 - _LATEST), n / (n + 1), _LATEST)
    late = (rank > top) & (n >= LEAST)
    return np.where(n < LEAST, np.nan, np.where(late, (1 + top) / 2, rank)), late


class ControlCharts:
    """S suppliers watched side by side over T orders each.

    Parameters
    ----------
    days : array (S, T), comparable lead times in the order of placing; an open order's age; NaN behind the last
    is_open : bool array (S, T)
    patience : array (S,), orders between two false alarms were what is usual known, see `change.patience`
    settle : int array (S,), orders after which a new level is the usual one; none: `SETTLED`

    Attributes
    ----------
    state : int array (S,), index into `STATES`
    since : int array (S,), first order after the change of the present or last flag
    usual : bool array (S, T), the orders that tell of how the supplier is now, when it is stable or has settled
    settled : bool array (S,), whether a flagged supplier's new level has become the usual one
    judged : int array (S,), orders judged
    alarms : every time a flag was raised
    """

    def __init__(
        self,
        days: Array,
        is_open: NDArray[np.bool_],
        patience: Array,
        settle: NDArray[np.int64] | None = None,
    ) -> None:
        self.days, self.is_open = days, is_open
        rows, steps = days.shape
        self.patience = patience
        self._bets, self.limits = np.zeros((4, rows, CLASSES)), np.full((rows, 4), np.inf)
        self.usual = np.ones((rows, steps), bool)
        self.state, self.since, self.judged = (np.zeros(rows, int) for _ in range(3))
        self.settled = np.zeros(rows, bool)
        self.alarms: list[Alarm] = []
        self.settle = np.full(rows, SETTLED) if settle is None else settle
        self._live = np.ones(rows, bool)
        self._height = np.zeros((rows, 4))
        self._begun, self._top = np.zeros((rows, 4), int), np.zeros(rows, int)
        self._chart = np.zeros(rows, int)
        self._sums = np.zeros((rows, steps + 1, 2))

    def run(self) -> "ControlCharts":
        """Judge every order that can be."""
        for at in range(self.days.shape[1]):
            self._step(at)
        return self

    def _step(self, at: int) -> None:
        stop = max(at - LAG, min(at, LEAST))
        # wide enough for what was usual before a flag to stay in sight until the new level has settled
        reach = WINDOW + self.settle
        seen = slice(max(0, stop - int(reach.max())), stop)
        near = np.arange(seen.start, stop) >= stop - reach[:, None]
        x = self.days[:, at]
        usual = self.usual[:, seen] & near
        if at % _REFRESH == 0 and stop > 0:
            self._bets = log_bets(self.days[:, seen], usual)
            self.limits = heights(self._bets, self._lasting(usual.sum(axis=1))).T
        rank, late = ranks(x, self.days[:, seen], usual)
        # a young open order ends the line: what was placed later waits for it
        self._live &= ~np.isnan(x) & (~self.is_open[:, at] | late)
        self.judged += self._live
        speaks = self._live & ~np.isnan(rank)
        z = np.where(speaks, ndtri(rank), 0.0)
        self._sums[:, at + 1] = self._sums[:, at] + np.column_stack([z, z**2])
        kind = np.minimum(np.where(speaks, rank, 0.0) * CLASSES, CLASSES - 1).astype(int)
        gain = np.take_along_axis(self._bets, kind[None, :, None], axis=2)[:, :, 0].T
        self._height = np.where(speaks[:, None], np.maximum(self._height + gain, 0.0), self._height)
        self._begun = np.where(self._height <= 0, at + 1, self._begun)
        hit = self._height >= self.limits
        self._height = np.minimum(self._height, self.limits)
        self._top = np.where(np.take_along_axis(hit, self._chart[:, None], 1)[:, 0], at, self._top)
        self._leave(at)
        self._settle(at)
        self._raise(at)

    def _lasting(self, learned: NDArray[np.int64]) -> Array:
        """Patience (4, S) of each chart: more while few orders say what is usual, for their errors add to the drift."""
        more = 1 + self.patience / (_LEARNING * np.maximum(learned, LEAST))
        return np.asarray(self.patience * more / _SHARES[:, None])

    def _leave(self, at: int) -> None:
        own = self._chart[:, None]
        low = np.take_along_axis(self._height, own, 1) <= LEAVE * np.take_along_axis(self.limits, own, 1)
        for row in np.flatnonzero((self.state != STABLE) & low[:, 0] & self._live):
            if not self.settled[row]:
                # as before again: what lies between, and only that, is not usual
                self.usual[row, self._top[row] + 1 :] = True
            self.state[row] = STABLE
            self._height[row], self._begun[row] = 0.0, at + 1

    def _settle(self, at: int) -> None:
        long = (self.state != STABLE) & ~self.settled & (at - self.since >= self.settle) & self._live
        for row in np.flatnonzero(long):
            self.usual[row, : self.since[row]] = False
            self.usual[row, self.since[row] :] = True
            self.settled[row] = True

    def _raise(self, at: int) -> None:
        hit = self._height >= self.limits
        opposite = np.select([self.state == ERODING, self.state == IMPROVING], [DOWN, UP], -1)
        free = (self.state == STABLE) & hit.any(axis=1)
        turned = (opposite >= 0) & np.take_along_axis(hit, np.maximum(opposite, 0)[:, None], 1)[:, 0]
        for row in np.flatnonzero(self._live & (free | turned)):
            chart = int(opposite[row]) if turned[row] else int(hit[row].argmax())
            if turned[row] and not self.settled[row]:
                self.usual[row, self.since[row] : self._begun[row, chart]] = False
            since = int(self._begun[row, chart])
            self.state[row] = self._named(int(row), chart, since, at)
            self.since[row], self._chart[row], self._top[row] = since, chart, at
            self.settled[row] = False
            self.usual[row, since:] = False
            self.alarms.append(Alarm(int(row), int(self.state[row]), since, at))

    def _named(self, row: int, chart: int, since: int, at: int) -> int:
        """What the alarm is of: a wider stretch with its mean clearly off is a shift, a shifted one too wide is not."""
        count = at + 1 - since
        mean, square = (self._sums[row, at + 1] - self._sums[row, since]) / count
        if chart in (UP, DOWN) and abs(mean) < 1 and square - mean**2 > _TOO_WIDE:
            return ERRATIC
        if chart == WIDER and abs(mean) * np.sqrt(count) >= _CLEAR:
            return ERODING if mean > 0 else IMPROVING
        return (ERODING, IMPROVING, ERRATIC, IMPROVING)[chart]

    @property
    def present(self) -> NDArray[np.bool_]:
        """Orders (S, T) that tell of the present: those since the change while flagged, else the usual ones."""
        late = np.arange(self.days.shape[1]) >= self.since[:, None]
        fresh = (self.state != STABLE) & ~self.settled
        return np.where(fresh[:, None], late, self.usual)

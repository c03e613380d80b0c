"""Control charts of lead times that hold for any law: sequential ranks, four CUSUMs, and a state with hysteresis.

Each order is ranked among those of its supplier that were usual before it. While nothing changes, such ranks follow
the same law whatever the law of the lead times is (McDonald 1990, Naval Research Logistics 37), so one simulation
sets the limits for gamma, lognormal and two-mode suppliers alike. The normal scores z of the ranks run into CUSUMs of
log-likelihood ratios: of a mean one standard deviation up or down, and of twice or half the spread.

Orders are judged in the order they were placed, each once: when it has come, or when it has been open for longer than
what counts as latest. The quick ones of a batch therefore never speak before the slow ones, and an order that does
not come speaks without coming.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planning.distributions import Array

STATES = ("stable", "eroding", "improving", "erratic")
STABLE, ERODING, IMPROVING, ERRATIC = range(4)
UP, DOWN, WIDER, NARROWER = range(4)

WINDOW = 80
"""Orders that an order is ranked among."""
LAG = 10
"""Latest orders that are not among them: a change must not hide itself by becoming the measure."""
LEAST = 8
"""Orders to rank among, below which nothing is said."""
SETTLED = 30
"""Orders after which a new level is the usual one, at the least."""
LEAVE = 0.25
"""Share of its limit to which a chart must fall for a flag to end."""

_ALLOWANCE = 0.45
_LATEST = 0.98  # with fewer than 50 orders to rank among: later than all of them
_CLEAR = 2.5  # standard errors by which the mean of a wider stretch is off, for it to be a shift
_TOO_WIDE = 2.2  # variance of the scores of a stretch, by which it is no shift
_SHARES = np.array(
    [1.0, 1.0, 0.6, 1.2]
)  # of the limit, by chart: about as many false alarms of the first three


@dataclass(frozen=True)
class Alarm:
    """Supplier `row` was flagged with `state` when its order `at` was judged; the change began with order `since`."""

    row: int
    state: int
    since: int
    at: int


def rank_scores(x: Array, before: Array, usual: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    """Normal scores (S,) of `x` (S,) among those of `before` (S, W) that are `usual`, and whether it is latest.

    z = Φ⁻¹((r − ½) / (n + 1)) with r the rank among n + 1, ties halved. What is later than 98 % of them gets one
    score, the mean of a normal beyond that point, so that an open order need not be waited for. 0 where n < `LEAST`.
    """
    n = usual.sum(axis=1)
    below = (usual & (before < x[:, None])).sum(axis=1)
    equal = (usual & (before == x[:, None])).sum(axis=1)
    chance = (below + equal / 2 + 0.5) / (n + 1)
    top = np.where(n < 1 / (1 - _LATEST), n / (n + 1), _LATEST)
    late = (chance > top) & (n >= LEAST)
    bound = ndtri(top)
    beyond = np.exp(-(bound**2) / 2) / np.sqrt(2 * np.pi) / (1 - top)
    return np.where(n < LEAST, 0.0, np.where(late, beyond, ndtri(chance))), late


class Watch:
    """S suppliers watched side by side over T orders each.

    Parameters
    ----------
    days : array (S, T), comparable lead times in the order of placing; an open order's age; NaN behind the last
    is_open : bool array (S, T)
    limits : array (S,), height at which the charts of the mean raise an alarm
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
        limits: Array,
        settle: NDArray[np.int64] | None = None,
    ) -> None:
        self.days, self.is_open = days, is_open
        rows, steps = days.shape
        self.limits = limits[:, None] * _SHARES
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

    def run(self) -> "Watch":
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
        scores, late = rank_scores(x, self.days[:, seen], self.usual[:, seen] & near)
        # a young open order ends the line: what was placed later waits for it
        self._live &= ~np.isnan(x) & (~self.is_open[:, at] | late)
        self.judged += self._live
        z = np.where(self._live, scores, 0.0)
        self._sums[:, at + 1] = self._sums[:, at] + np.column_stack([z, z**2])
        gain = np.column_stack(
            [z - _ALLOWANCE, -z - _ALLOWANCE, 0.375 * z**2 - np.log(2), np.log(2) - 1.5 * z**2]
        )
        moved = np.maximum(self._height + gain, 0.0)
        self._height = np.where((self._live & (scores != 0))[:, None], moved, self._height)
        self._begun = np.where(self._height <= 0, at + 1, self._begun)
        hit = self._height >= self.limits
        self._height = np.minimum(self._height, self.limits)
        self._top = np.where(np.take_along_axis(hit, self._chart[:, None], 1)[:, 0], at, self._top)
        self._leave(at)
        self._settle(at)
        self._raise(at)

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

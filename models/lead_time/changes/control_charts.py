"""Control charts of lead times that hold for any distribution: CUSUMs on sequential ranks, and flags with hysteresis.

Each order is ranked among the reference orders of its supplier, those that were usual before it. While nothing changes,
such ranks are distributed alike whatever the distribution of the lead times is (McDonald 1990, Naval Research Logistics
37), so the limits hold for gamma, lognormal and two-mode suppliers alike. The ranks run into CUSUMs of log-likelihood
ratios, which `rank_likelihoods` reads off each supplier's own past: of lead times 30 % up or down, and of twice or half
the spread.

Orders are judged in the order they were placed, each once: when it has arrived, or when it has been open for longer
than what counts as latest. The quick ones of a batch are therefore never judged before the slow ones, and an order that
does not arrive counts as late without arriving.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array
from models.lead_time.changes.cusum_limits import chart_run_lengths, cusum_limits
from models.lead_time.changes.rank_likelihoods import (
    CLASSES,
    LEAST_REFERENCE,
    log_likelihood_ratios,
    sequential_ranks,
)

STATES = ("stable", "eroding", "improving", "erratic")
STABLE, ERODING, IMPROVING, ERRATIC = range(4)
UP, DOWN, WIDER, NARROWER = range(4)

WINDOW = 200
"""Reference orders that an order is ranked among."""
LAG = 10
"""Latest orders that are not among them: a change must not hide itself by becoming the reference."""
SETTLED = 30
"""Orders after which a new level is the usual one, at the least."""
LONGEST_SETTLING = 100
"""The same, at the most."""
FLAG_END = 0.25
"""Share of its limit to which a chart must fall for a flag to end."""

_CLEAR = 2.5  # standard errors by which the mean of a wider stretch is off, for it to be a shift
_TOO_WIDE = 2.2  # variance of the scores of a stretch, by which it is no shift
_REFRESH = 10  # orders after which the likelihood ratios of a supplier's ranks are computed anew


@dataclass(frozen=True)
class Alarm:
    """An alarm of a control chart.

    Attributes
    ----------
    supplier : number of the supplier that was flagged
    state : the flag, index into `STATES`
    changed_at : number of the order with which the change began
    raised_at : number of the order whose judgement raised the alarm
    """

    supplier: int
    state: int
    changed_at: int
    raised_at: int


def settling_orders(orders_a_year: Array) -> NDArray[np.int64]:
    """Orders (S,) after which control charts take a new level for the usual one: those of half a year, 30 to 100."""
    return np.clip(np.rint(orders_a_year / 2), SETTLED, LONGEST_SETTLING).astype(np.int64)


class ControlCharts:
    """Four CUSUM control charts each of S suppliers side by side, over T orders each.

    Parameters
    ----------
    days : array (S, T), comparable lead times in the order of placing; an open order's age; NaN behind the last
    is_open : bool array (S, T)
    run_length : array (S,), orders between two false alarms were the usual lead times known, see `cusum_limits`
    settle_after : int array (S,), orders after which a new level is the usual one; none: `SETTLED`

    Attributes
    ----------
    state : int array (S,), index into `STATES`
    changed_at : int array (S,), first order after the change of the present or last flag
    reference : bool array (S, T), the orders that show the usual lead times of a stable or settled supplier
    settled : bool array (S,), whether a flagged supplier's new level has become the usual one
    judged : int array (S,), orders judged
    limits : array (S, 4), at which each chart raises an alarm
    alarms : every time a flag was raised
    """

    def __init__(
        self,
        days: Array,
        is_open: NDArray[np.bool_],
        run_length: Array,
        settle_after: NDArray[np.int64] | None = None,
    ) -> None:
        suppliers, orders = days.shape
        self.days, self.is_open = days, is_open
        self.run_length = run_length
        self.settle_after = np.full(suppliers, SETTLED) if settle_after is None else settle_after
        self.reference = np.ones((suppliers, orders), bool)
        self.state, self.changed_at, self.judged = (np.zeros(suppliers, int) for _ in range(3))
        self.settled = np.zeros(suppliers, bool)
        self.limits = np.full((suppliers, 4), np.inf)
        self.alarms: list[Alarm] = []
        self._log_ratios = np.zeros((4, suppliers, CLASSES))
        self._judging = np.ones(suppliers, bool)
        self._cusum, self._cusum_start = np.zeros((suppliers, 4)), np.zeros((suppliers, 4), int)
        self._flag_chart, self._last_hit = np.zeros(suppliers, int), np.zeros(suppliers, int)
        self._score_sums = np.zeros((suppliers, orders + 1, 2))  # of normal scores and their squares

    def run(self) -> Self:
        """Run the control charts over every order that can be judged."""
        for order in range(self.days.shape[1]):
            self._step(order)
        return self

    def _step(self, order: int) -> None:
        """Judge one order of each supplier: rank it, move the charts, end or raise flags."""
        rank = self._rank(order)
        judged = self._judging & ~np.isnan(rank)
        z = np.where(judged, ndtri(rank), 0.0)
        self._score_sums[:, order + 1] = self._score_sums[:, order] + np.column_stack([z, z**2])
        kind = np.minimum(np.where(judged, rank, 0.0) * CLASSES, CLASSES - 1).astype(int)
        gain = np.take_along_axis(self._log_ratios, kind[None, :, None], axis=2)[:, :, 0].T
        self._cusum = np.where(judged[:, None], np.maximum(self._cusum + gain, 0.0), self._cusum)
        self._cusum_start = np.where(self._cusum <= 0, order + 1, self._cusum_start)
        hit = self._cusum >= self.limits
        self._cusum = np.minimum(self._cusum, self.limits)
        flag_hit = np.take_along_axis(hit, self._flag_chart[:, None], 1)[:, 0]
        self._last_hit = np.where(flag_hit, order, self._last_hit)
        self._end_flags(order)
        self._settle(order)
        self._raise_flags(order)

    def _rank(self, order: int) -> Array:
        """Sequential rank (S,) of each supplier's order among its reference orders; notes who can still be judged."""
        stop = max(order - LAG, min(order, LEAST_REFERENCE))
        # wide enough for the reference before a flag to stay in sight until the new level has settled
        reach = WINDOW + self.settle_after
        seen = slice(max(0, stop - int(reach.max())), stop)
        near = np.arange(seen.start, stop) >= stop - reach[:, None]
        x = self.days[:, order]
        reference = self.reference[:, seen] & near
        if order % _REFRESH == 0 and stop > 0:
            self._log_ratios = log_likelihood_ratios(self.days[:, seen], reference)
            run_lengths = chart_run_lengths(self.run_length, reference.sum(axis=1))
            self.limits = cusum_limits(self._log_ratios, run_lengths).T
        rank, latest = sequential_ranks(x, self.days[:, seen], reference)
        # a young open order ends the line: what was placed later waits for it
        self._judging &= ~np.isnan(x) & (~self.is_open[:, order] | latest)
        self.judged += self._judging
        return rank

    def _end_flags(self, order: int) -> None:
        """End the flag of suppliers whose chart has fallen far below its limit."""
        own = self._flag_chart[:, None]
        low = np.take_along_axis(self._cusum, own, 1) <= FLAG_END * np.take_along_axis(self.limits, own, 1)
        for row in np.flatnonzero((self.state != STABLE) & low[:, 0] & self._judging):
            if not self.settled[row]:
                # as before again: what lies between, and only that, is not usual
                self.reference[row, self._last_hit[row] + 1 :] = True
            self.state[row] = STABLE
            self._cusum[row], self._cusum_start[row] = 0.0, order + 1

    def _settle(self, order: int) -> None:
        """Make the new level of suppliers that were flagged long enough ago the reference."""
        long = (self.state != STABLE) & ~self.settled & (order - self.changed_at >= self.settle_after)
        for row in np.flatnonzero(long & self._judging):
            self.reference[row, : self.changed_at[row]] = False
            self.reference[row, self.changed_at[row] :] = True
            self.settled[row] = True

    def _raise_flags(self, order: int) -> None:
        """Flag stable suppliers whose chart has hit its limit, and flagged ones that turned the other way."""
        hit = self._cusum >= self.limits
        opposite = np.select([self.state == ERODING, self.state == IMPROVING], [DOWN, UP], -1)
        free = (self.state == STABLE) & hit.any(axis=1)
        turned = (opposite >= 0) & np.take_along_axis(hit, np.maximum(opposite, 0)[:, None], 1)[:, 0]
        for row in np.flatnonzero(self._judging & (free | turned)):
            chart = int(opposite[row]) if turned[row] else int(hit[row].argmax())
            if turned[row] and not self.settled[row]:
                self.reference[row, self.changed_at[row] : self._cusum_start[row, chart]] = False
            self._raise_flag(int(row), chart, order)

    def _raise_flag(self, row: int, chart: int, order: int) -> None:
        """Flag one supplier; from the change on its orders are no reference until they have settled."""
        changed_at = int(self._cusum_start[row, chart])
        self.state[row] = self._classify(row, chart, changed_at, order)
        self.changed_at[row], self._flag_chart[row], self._last_hit[row] = changed_at, chart, order
        self.settled[row] = False
        self.reference[row, changed_at:] = False
        self.alarms.append(Alarm(row, int(self.state[row]), changed_at, order))

    def _classify(self, row: int, chart: int, changed_at: int, order: int) -> int:
        """State that an alarm means: a wider stretch with its mean clearly off is a shift, a shift too wide is not."""
        count = order + 1 - changed_at
        mean, square = (self._score_sums[row, order + 1] - self._score_sums[row, changed_at]) / count
        if chart in (UP, DOWN) and abs(mean) < 1 and square - mean**2 > _TOO_WIDE:
            return ERRATIC
        if chart == WIDER and abs(mean) * np.sqrt(count) >= _CLEAR:
            return ERODING if mean > 0 else IMPROVING
        return (ERODING, IMPROVING, ERRATIC, IMPROVING)[chart]

    @property
    def is_current(self) -> NDArray[np.bool_]:
        """Orders (S, T) that show how the supplier is now: since the change while flagged, else the reference."""
        after = np.arange(self.days.shape[1]) >= self.changed_at[:, None]
        fresh = (self.state != STABLE) & ~self.settled
        return np.where(fresh[:, None], after, self.reference)

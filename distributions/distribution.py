"""A batch of n distributions on the half line, each a quantile function.

Between the given levels the quantile function is linear; above the last level the tail is exponential with the
slope of the last segment; below the first level it runs on linearly and stops at zero.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.levels import LEAD_TIME_LEVELS
from distributions.parallel import CACHE_ROWS, concat_row_slices

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """`n` distributions: `values[i, j]` is the quantile of row i at `levels[j]`.

    Attributes
    ----------
    levels : array (Q,), strictly rising inside (0, 1)
    values : array (n, Q), non-decreasing along the rows, ≥ 0
    """

    levels: Array
    values: Array

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def __getitem__(self, rows: ArrayLike | slice) -> Self:
        picked = rows if isinstance(rows, slice) else np.atleast_1d(np.asarray(rows))
        return type(self)(self.levels, self.values[picked])

    @classmethod
    def certain(cls, values: ArrayLike, levels: Array = LEAD_TIME_LEVELS) -> Self:
        """Degenerate distributions: all the mass of row i on `values[i]`."""
        return cls(levels, np.repeat(np.asarray(values, float)[:, None], len(levels), axis=1))

    @property
    def bottom(self) -> Array:
        """Quantile at probability 0, shape (n,)."""
        first, second = self.values[:, 0], self.values[:, 1]
        slope = (second - first) / (self.levels[1] - self.levels[0])
        return np.asarray(np.maximum(first - slope * self.levels[0], 0.0))

    @property
    def tail_scale(self) -> Array:
        """Scale of the exponential tail, shape (n,): mean of what lies above the last quantile, less that quantile."""
        ratio = np.log((1 - self.levels[-2]) / (1 - self.levels[-1]))
        return np.asarray((self.values[:, -1] - self.values[:, -2]) / ratio)

    @property
    def knots(self) -> tuple[Array, Array]:
        """Probabilities (Q + 1,) and quantiles (n, Q + 1) between which the quantile function is linear."""
        return np.concatenate([[0.0], self.levels]), np.column_stack([self.bottom, self.values])

    def mean(self) -> Array:
        """Mean E[X] of each distribution, shape (n,): the integral of the quantile function."""
        steps = np.diff(self.levels)
        weights = (np.append(steps, 0.0) + np.append(self.levels[0], steps)) / 2
        body = np.einsum("ij,j->i", self.values, weights) + self.bottom * self.levels[0] / 2
        return np.asarray(body + (1 - self.levels[-1]) * (self.values[:, -1] + self.tail_scale))

    def std(self) -> Array:
        """Standard deviation of each distribution, shape (n,)."""
        if len(self) > CACHE_ROWS:
            return concat_row_slices(lambda chunk: self[chunk].std(), len(self))
        levels, values = self.knots
        # about the mean, for two large squares would lose the digits of their small difference
        centred, scale = values - self.mean()[:, None], self.tail_scale
        low, high, last = centred[:, :-1], centred[:, 1:], centred[:, -1]
        body = np.einsum("ij,j->i", low**2 + low * high + high**2, np.diff(levels) / 3)
        tail = (1 - levels[-1]) * (last**2 + 2 * last * scale + 2 * scale**2)
        return np.asarray(np.sqrt(np.maximum(body + tail, 0.0)))

    def quantile(self, p: ArrayLike) -> Array:
        """Quantile function: smallest x with P(X ≤ x) ≥ p; `p` is a number, (n,) or (n, m); the result (n,) or (n, m).

        At p = 1 it is the quantile at 1 − 10⁻¹², the tail having no end.
        """
        p_ = np.asarray(p, float)
        if p_.ndim == 0:
            return self._quantile_of_all(float(p_))
        columns = p_ if p_.ndim == 2 else p_[:, None]
        levels, values = self.knots
        upper = np.clip(np.searchsorted(levels, columns, side="left"), 1, len(levels) - 1)
        share = np.clip((columns - levels[upper - 1]) / (levels[upper] - levels[upper - 1]), 0, 1)
        low, high = np.take_along_axis(values, upper - 1, 1), np.take_along_axis(values, upper, 1)
        beyond = np.log((1 - levels[-1]) / np.clip(1 - columns, 1e-12, 1 - levels[-1]))
        result = low + share * (high - low) + self.tail_scale[:, None] * beyond
        return np.asarray(result if p_.ndim == 2 else result[:, 0])

    def quantiles_at(self, p: Array) -> NDArray[np.float32]:
        """Quantiles of every row at the same probabilities `p` (m,), shape (n, m), in single precision.

        Several times quicker than `quantile` where scenarios by the million are wanted.
        """
        levels, values = self.knots
        narrow = values.astype(np.float32)
        upper = np.clip(np.searchsorted(levels, p, side="left"), 1, len(levels) - 1)
        share = np.clip((p - levels[upper - 1]) / (levels[upper] - levels[upper - 1]), 0, 1).astype(
            np.float32
        )
        result = narrow.take(upper - 1, axis=1)
        result *= 1 - share
        high = narrow.take(upper, axis=1)
        high *= share
        result += high
        far = np.flatnonzero(p > levels[-1])
        if len(far):
            beyond = np.log((1 - levels[-1]) / np.maximum(1 - p[far], 1e-12)).astype(np.float32)
            result[:, far] += self.tail_scale.astype(np.float32)[:, None] * beyond
        return result

    def _quantile_of_all(self, p: float) -> Array:
        """Quantile at one probability, without copying all knots."""
        if p > self.levels[-1]:
            beyond = np.log((1 - self.levels[-1]) / max(1 - p, 1e-12))
            return np.asarray(self.values[:, -1] + self.tail_scale * beyond)
        at = int(np.searchsorted(self.levels, p, side="left"))
        low = self.values[:, at - 1] if at else self.bottom
        below = self.levels[at - 1] if at else 0.0
        return np.asarray(low + max(p - below, 0.0) / (self.levels[at] - below) * (self.values[:, at] - low))

    def cdf(self, x: ArrayLike) -> Array:
        """Distribution function P(X ≤ x); `x` is a number, (n,) or (n, m); the result (n,) or (n, m)."""
        x_ = np.asarray(x, float)
        if len(self) > CACHE_ROWS:
            return concat_row_slices(lambda chunk: self[chunk].cdf(x_[chunk] if x_.ndim else x_), len(self))
        flat = x_.ndim < 2
        columns = np.broadcast_to(
            np.atleast_1d(x_)[:, None] if flat else x_, (len(self), 1 if flat else x_.shape[1])
        )
        levels, values = self.knots
        # one pass a knot: comparing all at once would hold (n, m, Q) booleans
        below = np.zeros(columns.shape, dtype=np.intp)
        for knot in values.T:
            below += knot[:, None] <= columns
        lower = np.clip(below - 1, 0, len(levels) - 2)
        low, high = np.take_along_axis(values, lower, 1), np.take_along_axis(values, lower + 1, 1)
        gap = np.where(high > low, high - low, 1.0)
        share = np.clip(np.where(high > low, (columns - low) / gap, 0.0), 0, 1)
        inside = levels[lower] + share * (levels[lower + 1] - levels[lower])
        scale = self.tail_scale[:, None]
        over = np.maximum(columns - values[:, -1:], 0.0)
        decay = np.where(scale > 0, np.exp(-over / np.where(scale > 0, scale, 1.0)), 0.0)
        result = np.where(
            below == 0, 0.0, np.where(below == len(levels), 1 - (1 - levels[-1]) * decay, inside)
        )
        return result[:, 0] if flat else np.asarray(result)

    def expected_excess(self, s: ArrayLike) -> Array:
        """Expected excess E[(X − s)⁺], the loss function of each distribution, shape (n,); `s` is a number or (n,)."""
        each = np.broadcast_to(np.asarray(s, float), (len(self),))
        if len(self) > CACHE_ROWS:
            return concat_row_slices(lambda chunk: self[chunk].expected_excess(each[chunk]), len(self))
        level = each[:, None]
        levels, values = self.knots
        low, high = values[:, :-1], values[:, 1:]
        gap = np.where(high > low, high - low, 1.0)
        crossing = np.where(high > level, np.maximum(high - level, 0) ** 2 / (2 * gap), 0.0)
        body = np.where(level <= low, (low + high) / 2 - level, crossing) * np.diff(levels)
        scale, over = self.tail_scale, level[:, 0] - values[:, -1]
        with np.errstate(over="ignore"):
            decay = np.exp(-np.maximum(over, 0) / np.where(scale > 0, scale, 1.0))
        beyond = np.where(over <= 0, scale - over, np.where(scale > 0, scale * decay, 0.0))
        return np.asarray(body.sum(axis=1) + (1 - levels[-1]) * beyond)

    def above(self, age: ArrayLike, *, levels: Array | None = None) -> Self:
        """Conditional distribution given X > `age` (number or (n,)): the lead time of an open order of that age.

        On the same levels, or on `levels`.
        """
        floor = np.broadcast_to(np.asarray(age, float), (len(self),))
        reached, at = self.cdf(floor), self.levels if levels is None else levels
        survived = reached[:, None] + at[None, :] * (1 - reached[:, None])
        return type(self)(at, np.maximum(self.quantile(survived), floor[:, None]))

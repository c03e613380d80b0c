"""From point forecasts to distributions, learned on the errors of out-of-sample forecasts.

Works on the scale T(y) = √y, on which counts have errors of about one size. The error's spread is a log-linear
function of the forecast, the SKU's own volatility, the steps ahead and the class; what is left, standardised, is
pooled by forecast size and steps ahead. Whole-unit demand is spread over its unit first and cut back to whole
units at the end, so that quantiles of 0, 1, 2, … come out at the rate at which they occur.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.levels import DEMAND_LEVELS
from features.demand.demand_class import CLASSES
from features.demand.panel import Array

MINIMUM = 60
"""Fewer errors than this teach nothing: the defaults hold."""

ENOUGH = 600_000
"""Errors at most: beyond, every second, third, … row is enough."""

BIN = 400
"""Errors per bin of forecast size, so that the outer quantiles rest on some of them."""

RIDGE = 30.0
"""Errors that the prior coefficients are worth."""

_FLOOR = 0.02
_ABSOLUTE = 0.8  # E|error| of a standard normal
_BOUNDS = (-6.0, 12.0)


@dataclass(frozen=True)
class SpreadInputs:
    """What the width of a distribution depends on, one row per SKU (n,) and column per step (n, K).

    Attributes
    ----------
    mean : array (n, K), forecast (of the period, or of the sum over the first k periods)
    steps : array (K,), k = 1 … K
    volatility : array (n,), the SKU's own mean one-step error on the scale of √y
    demand_class : array (n,)
    whole : bool array (n,), demand comes in whole units
    doubt : array (n, K), standard deviation of √demand that comes of not knowing the SKU's level
    """

    mean: Array
    steps: Array
    volatility: Array
    demand_class: NDArray[np.object_]
    whole: NDArray[np.bool_]
    doubt: Array

    def every(self, stride: int) -> Self:
        """Every `stride`-th row."""
        return replace(
            self,
            mean=self.mean[::stride],
            volatility=self.volatility[::stride],
            demand_class=self.demand_class[::stride],
            whole=self.whole[::stride],
            doubt=self.doubt[::stride],
        )

    @property
    def offset(self) -> Array:
        """Half a unit where units are whole: the centre of the unit, shape (n, 1)."""
        return np.where(self.whole, 0.5, 0.0)[:, None]

    @property
    def center(self) -> Array:
        """√(mean + offset), shape (n, K)."""
        return np.asarray(np.sqrt(np.maximum(self.mean, 0) + self.offset))

    @property
    def size(self) -> Array:
        """Log of the forecast, bounded below, shape (n, K)."""
        return np.asarray(np.log(np.maximum(self.mean, _FLOOR)))

    def drivers(self) -> Array:
        """Regressors of the log spread, shape (n, K, P)."""
        size, k = self.size, np.broadcast_to(np.log(self.steps), self.mean.shape)
        own = np.broadcast_to(np.log(np.maximum(self.volatility, _FLOOR))[:, None], self.mean.shape)
        one = np.ones_like(size)
        dummies = [one * (self.demand_class == name)[:, None] for name in CLASSES[1:]]
        low = np.maximum(1.0 - size, 0.0)
        return np.stack([one, size, low, own, own * k, own * size, k, size * k, *dummies], axis=-1)


@dataclass(frozen=True)
class Calibration:
    """Spread coefficients and the table of standardised error quantiles.

    Attributes
    ----------
    coefficients : array (P,) of the log spread
    edges : array (G,), first step of each group of steps
    centers : list of G arrays (B,): forecast size (log) of each bin
    tables : list of G arrays (B, Q): standardised error quantiles
    """

    coefficients: Array
    edges: Array
    centers: list[Array]
    tables: list[Array]

    @classmethod
    def fit(cls, spread_inputs: SpreadInputs, actual: Array) -> Self:
        """Learn from `actual` (n, K), NaN where it is not known; rows may be many origins of one SKU."""
        stride = max(1, -(-actual.size // ENOUGH))
        spread_inputs, actual = spread_inputs.every(stride), actual[::stride]
        known = ~np.isnan(actual)
        if known.sum() < MINIMUM:
            return cls._default(spread_inputs)
        error = _root(actual, spread_inputs) - spread_inputs.center
        X = spread_inputs.drivers()[known]
        coefficients = _spread_coefficients(X, np.abs(error[known]))
        standard = error[known] / _spread(spread_inputs, coefficients)[known]
        steps = np.broadcast_to(spread_inputs.steps, actual.shape)[known]
        edges = _step_edges(spread_inputs.steps)
        group = np.searchsorted(edges, steps, side="right") - 1
        everyone = np.quantile(standard, DEMAND_LEVELS)
        centers, tables = [], []
        for g in range(len(edges)):
            center, table = _bins(spread_inputs.size[known][group == g], standard[group == g], everyone)
            centers.append(center)
            tables.append(table)
        return cls(coefficients, edges, centers, tables)

    @classmethod
    def _default(cls, spread_inputs: SpreadInputs) -> Self:
        coefficients = _prior(spread_inputs.drivers().shape[-1])
        normal = ndtri(DEMAND_LEVELS)[None, :] * 1.25
        return cls(coefficients, np.array([1.0]), [np.zeros(1)], [normal])

    def quantiles(self, spread_inputs: SpreadInputs) -> Array:
        """Quantiles at `DEMAND_LEVELS`, shape (n, K, Q)."""
        result = np.empty((*spread_inputs.mean.shape, len(DEMAND_LEVELS)), np.float32)
        spread = _spread(spread_inputs, self.coefficients)
        group = np.searchsorted(self.edges, spread_inputs.steps, side="right") - 1
        for g in range(len(self.edges)):
            at = np.flatnonzero(group == g)
            if len(at):
                z = _interpolated(spread_inputs.size[:, at], self.centers[g], self.tables[g])
                root = spread_inputs.center[:, at, None] + spread[:, at, None] * z
                result[:, at] = np.maximum(root, 0.0) ** 2
        whole = spread_inputs.whole
        result[whole] = np.floor(result[whole])
        return result

    def to_json(self) -> dict[str, Any]:
        """As plain lists."""
        return {
            "coefficients": self.coefficients.tolist(),
            "edges": self.edges.tolist(),
            "centers": [c.tolist() for c in self.centers],
            "tables": [t.tolist() for t in self.tables],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            np.array(values["coefficients"]),
            np.array(values["edges"]),
            [np.array(c) for c in values["centers"]],
            [np.array(t) for t in values["tables"]],
        )


def _spread(spread_inputs: SpreadInputs, coefficients: Array) -> Array:
    """E|error| of √demand, (n, K): of the noise, as learned, and of the doubt about the level."""
    noise = _expected(spread_inputs.drivers(), coefficients, spread_inputs.center)
    return np.asarray(np.sqrt(noise**2 + (_ABSOLUTE * spread_inputs.doubt) ** 2))


def _expected(X: Array, coefficients: Array, center: Array) -> Array:
    """E|error|, at most e times the (root of the) forecast, since a line can run away where nothing was seen."""
    log = np.clip(np.einsum("...p,p->...", X, coefficients), *_BOUNDS)
    return np.asarray(np.minimum(np.exp(log), np.e * (center + 1)))


def _root(actual: Array, spread_inputs: SpreadInputs) -> Array:
    """√y, whole units spread evenly over [y, y + 1) by a low-discrepancy sequence (no random state needed)."""
    spread = (np.arange(actual.size).reshape(actual.shape) * 0.6180339887498949 + 0.5) % 1.0
    return np.asarray(np.sqrt(np.maximum(actual, 0) + np.where(spread_inputs.whole[:, None], spread, 0.0)))


def _prior(size: int) -> Array:
    """Coefficients that hold where there is nothing to learn from: mostly the SKU's own volatility."""
    prior = np.zeros(size)
    prior[[0, 1, 2, 3]] = np.log(0.8), 0.1, -0.05, 0.7
    return prior


def _spread_coefficients(X: Array, size: Array, rounds: int = 30) -> Array:
    """E|error| = exp(Xβ): quasi-Poisson with log link, by Newton steps, halved until they help.

    A ridge toward the prior, worth `RIDGE` errors, keeps collinear drivers of a few alike SKUs tame. Sums are by
    einsum, since BLAS would add in an order that depends on the number of threads.
    """
    prior = _prior(X.shape[1])
    prior[0] += np.log(
        max(size.mean(), 1e-9) / np.exp(np.clip(np.einsum("np,p->n", X, prior), *_BOUNDS)).mean()
    )
    weight = np.full(len(prior), RIDGE * max(float(size.mean()), 1e-9))
    weight[0] /= RIDGE

    def loss(beta: Array) -> float:
        eta = np.clip(np.einsum("np,p->n", X, beta), *_BOUNDS)
        return float((np.exp(eta) - size * eta).sum() + (weight * (beta - prior) ** 2).sum() / 2)

    beta, best = prior, loss(prior)
    for _ in range(rounds):
        expected = np.exp(np.clip(np.einsum("np,p->n", X, beta), *_BOUNDS))
        gradient = np.einsum("np,n->p", X, size - expected) - weight * (beta - prior)
        hessian = np.einsum("np,nq->pq", X, X * expected[:, None]) + np.diag(weight)
        step = np.linalg.solve(hessian, gradient)
        tried = next(((c, v) for c in _halvings(beta, step) if (v := loss(c)) < best), None)
        if tried is None or best - tried[1] < 1e-9 * abs(best):
            break
        beta, best = tried
    return np.asarray(beta)


def _halvings(beta: Array, step: Array) -> list[Array]:
    return [beta + step / 2**j for j in range(6)]


def _step_edges(steps: Array) -> Array:
    """1, 2, 3, 5, 8, 13, … up to the horizon."""
    edges = [1.0, 2.0]
    while edges[-1] < steps.max():
        edges.append(edges[-1] + max(1.0, edges[-2] if len(edges) > 3 else 1.0))
    return np.array([e for e in edges if e <= steps.max()])


def _bins(size: Array, standard: Array, everyone: Array) -> tuple[Array, Array]:
    """Quantiles of the standardised errors in bins of forecast size, shrunk to those of all errors."""
    count = int(np.clip(len(size) // BIN, 1, 12))
    if not len(size):
        return np.zeros(1), everyone[None, :]
    order = np.argsort(size, kind="stable")
    centers, tables = [], []
    for part in np.array_split(order, count):
        weight = len(part) / (len(part) + 50)
        centers.append(size[part].mean())
        tables.append(weight * np.quantile(standard[part], DEMAND_LEVELS) + (1 - weight) * everyone)
    return np.array(centers), np.array(tables)


def _interpolated(size: Array, centers: Array, table: Array) -> Array:
    """The table between its bins, linear in the size, shape (*size.shape, Q)."""
    if len(centers) == 1:
        return np.broadcast_to(table[0], (*size.shape, table.shape[1]))
    upper = np.clip(np.searchsorted(centers, size), 1, len(centers) - 1)
    gap = np.maximum(centers[upper] - centers[upper - 1], 1e-9)
    share = np.clip((size - centers[upper - 1]) / gap, 0, 1)[..., None]
    return np.asarray(table[upper - 1] * (1 - share) + table[upper] * share)

"""Calibration: from expected demand to distributions, learned on the errors of out-of-sample forecasts.

Works on the scale T(y) = √y, on which counts have errors of about one size. The error's spread is a log-linear
function of the forecast, the SKU's own volatility, the steps ahead and the class; what is left, standardised, is
pooled by forecast size and steps ahead. Whole-unit demand is spread over its unit first and cut back to whole
units at the end, so that quantiles of 0, 1, 2, … come out at the rate at which they occur.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Array
from models.demand.distributions.own_spread import ErrorsBySku, own_spread_factors
from models.demand.distributions.spread_inputs import SpreadInputs
from models.demand.distributions.spread_regression import (
    expected_error,
    fit_spread_coefficients,
    prior_coefficients,
)

LEAST_ERRORS = 60
"""With fewer errors than this nothing is learned: the defaults hold."""

MOST_ERRORS = 600_000
"""Errors at most: beyond, every second, third, … row is enough."""

BIN_ERRORS = 400
"""Errors per bin of forecast size, so that the outer quantiles rest on some of them."""

NORMAL_SKUS = 20.0
"""SKUs whose errors weigh as much as a normal's shape."""

_NORMAL = ndtri(DEMAND_LEVELS) * 1.25
"""Quantiles of a normal error in units of the expected |error|."""

LEAST_IN_BIN = 50.0
"""Errors in a bin that weigh as much as those of all steps and sizes."""

NORMAL_MEAN_ERROR = 0.8
"""E|error| of a standard normal."""


@dataclass(frozen=True)
class Calibration:
    """Spread coefficients and the table of standardised error quantiles.

    Attributes
    ----------
    coefficients : array (P,) of the log spread
    edges : array (G,), first step of each group of steps
    centers : list of G arrays (B,): forecast size (log) of each bin
    tables : list of G arrays (B, Q): standardised error quantiles
    own : array (N,), factor of the spread of each of the N SKUs it was learned from; none where that was not asked for
    """

    coefficients: Array
    edges: Array
    centers: list[Array]
    tables: list[Array]
    own: Array

    @classmethod
    def fit(cls, inputs: SpreadInputs, actual: Array, by_sku: ErrorsBySku | None = None) -> Self:
        """Fit the calibration to demand `actual` (n, K), NaN where not known; rows may be many origins of one SKU.

        With `by_sku` the SKUs' own factors are learned too, beyond those of `inputs`.
        """
        stride = max(1, -(-actual.size // MOST_ERRORS))
        inputs, actual = inputs.every(stride), actual[::stride]
        known = ~np.isnan(actual)
        if known.sum() < LEAST_ERRORS:
            return cls._default(inputs, by_sku)
        error = _root_demand(actual, inputs) - inputs.center
        own, by_sku = np.zeros(0), None if by_sku is None else by_sku.every(stride)
        skus = None if by_sku is None else by_sku.counted(known)
        coefficients = fit_spread_coefficients(inputs.regressors()[known], np.abs(error[known]), skus)
        if by_sku is not None:
            ratio = np.where(known, np.abs(error) / _spread(inputs, coefficients), np.nan)
            own = own_spread_factors(ratio, by_sku)
            inputs = inputs.with_own(inputs.own * own[by_sku.sku])
        standard = error[known] / _spread(inputs, coefficients)[known]
        steps = np.broadcast_to(inputs.steps, actual.shape)[known]
        edges = _step_edges(inputs.steps)
        group = np.searchsorted(edges, steps, side="right") - 1
        skus = len(actual) if skus is None else skus
        overall = _shrunk_to_normal(np.quantile(standard, DEMAND_LEVELS), skus)
        centers, tables = [], []
        for g in range(len(edges)):
            at = group == g
            few = LEAST_IN_BIN + NORMAL_SKUS / skus * min(at.sum(), BIN_ERRORS)
            center, table = _error_quantiles(inputs.size[known][at], standard[at], overall, few)
            centers.append(center)
            tables.append(table)
        return cls(coefficients, edges, centers, tables, own)

    @classmethod
    def _default(cls, inputs: SpreadInputs, by_sku: ErrorsBySku | None) -> Self:
        """The calibration without errors to learn from: prior coefficients, a normal's quantiles widened by 1.25."""
        coefficients = prior_coefficients(inputs.regressors().shape[-1])
        own = np.zeros(0) if by_sku is None else np.ones(len(by_sku.independent))
        return cls(coefficients, np.array([1.0]), [np.zeros(1)], [_NORMAL[None, :]], own)

    def own_of(self, sku: NDArray[np.int64]) -> Array:
        """Own factor of the spread of SKUs by their place among those learned from, (n,); 1 for −1."""
        return np.append(self.own, 1.0)[sku]

    def quantiles(self, inputs: SpreadInputs) -> Array:
        """Calibrated demand quantiles at `DEMAND_LEVELS`, shape (n, K, Q)."""
        result = np.empty((*inputs.mean.shape, len(DEMAND_LEVELS)), np.float32)
        spread = _spread(inputs, self.coefficients)
        group = np.searchsorted(self.edges, inputs.steps, side="right") - 1
        for g in range(len(self.edges)):
            at = np.flatnonzero(group == g)
            if len(at):
                z = _interpolated(inputs.size[:, at], self.centers[g], self.tables[g])
                root = inputs.center[:, at, None] + spread[:, at, None] * z
                result[:, at] = np.maximum(root, 0.0) ** 2
        whole = inputs.step > 0
        step = inputs.step[whole, None, None]
        result[whole] = np.floor(result[whole] / step) * step
        return result

    def to_json(self) -> dict[str, Any]:
        """The demand calibration, its spread coefficients and error quantiles, as plain lists."""
        return {
            "coefficients": self.coefficients.tolist(),
            "edges": self.edges.tolist(),
            "centers": [c.tolist() for c in self.centers],
            "tables": [t.tolist() for t in self.tables],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read the demand calibration as `to_json` wrote it."""
        return cls(
            np.array(values["coefficients"]),
            np.array(values["edges"]),
            [np.array(c) for c in values["centers"]],
            [np.array(t) for t in values["tables"]],
            np.zeros(0),
        )


@dataclass(frozen=True)
class DemandQuantiles:
    """Demand quantiles (…, Q) at `DEMAND_LEVELS`, of periods and of running sums."""

    period: Array
    cumulative: Array


@dataclass(frozen=True)
class CalibrationPair:
    """Calibrations of the demand of a period, and of the demand of the first k periods together."""

    period: Calibration
    cumulative: Calibration

    def quantiles(
        self, period: SpreadInputs, cumulative: SpreadInputs, sku: NDArray[np.int64]
    ) -> DemandQuantiles:
        """Calibrated demand quantiles, (n, K, Q), of periods and of running sums.

        `sku` (n,) says which of the SKUs learned from a row is, −1 one that is not among them.
        """
        return DemandQuantiles(
            self.period.quantiles(period.with_own(self.period.own_of(sku))),
            self.cumulative.quantiles(cumulative.with_own(self.cumulative.own_of(sku))),
        )


def _spread(inputs: SpreadInputs, coefficients: Array) -> Array:
    """Spread E|error| of √demand that a calibration divides errors by, (n, K): learned noise and uncertain level."""
    noise = expected_error(inputs.regressors(), coefficients, inputs.center) * inputs.own[:, None]
    return np.asarray(np.sqrt(noise**2 + (NORMAL_MEAN_ERROR * inputs.uncertainty) ** 2))


def _root_demand(actual: Array, inputs: SpreadInputs) -> Array:
    """√y, whole steps spread evenly over [y, y + step) by a low-discrepancy sequence (no random state needed)."""
    jitter = (np.arange(actual.size).reshape(actual.shape) * 0.6180339887498949 + 0.5) % 1.0
    return np.asarray(np.sqrt(np.maximum(actual, 0) + inputs.step[:, None] * jitter))


def _shrunk_to_normal(quantiles: Array, skus: float) -> Array:
    """Error quantiles (Q,), in units of the expected |error|, of so many SKUs, shrunk to a normal's for few SKUs."""
    weight = skus / (skus + NORMAL_SKUS)
    return np.asarray(weight * quantiles + (1 - weight) * _NORMAL)


def _step_edges(steps: Array) -> Array:
    """First step ahead of each of the calibration's tables of error quantiles: 1, 2, 3, 4, 7, 11, … to the horizon."""
    edges = [1.0, 2.0]
    while edges[-1] < steps.max():
        edges.append(edges[-1] + max(1.0, edges[-2] if len(edges) > 3 else 1.0))
    return np.array([e for e in edges if e <= steps.max()])


def _error_quantiles(size: Array, standard: Array, overall: Array, few: float) -> tuple[Array, Array]:
    """Quantiles of the standardised errors in bins of forecast size, shrunk to those of all errors.

    Centres (B,) of the bins and quantiles (B, Q). `few` errors in a bin weigh as much as those of all.
    """
    count = int(np.clip(len(size) // BIN_ERRORS, 1, 12))
    if not len(size):
        return np.zeros(1), overall[None, :]
    order = np.argsort(size, kind="stable")
    centers, tables = [], []
    for part in np.array_split(order, count):
        weight = len(part) / (len(part) + few)
        centers.append(size[part].mean())
        tables.append(weight * np.quantile(standard[part], DEMAND_LEVELS) + (1 - weight) * overall)
    return np.array(centers), np.array(tables)


def _interpolated(size: Array, centers: Array, table: Array) -> Array:
    """Error quantiles between the bins' centres, linear in the forecast size, shape (*size.shape, Q)."""
    if len(centers) == 1:
        return np.broadcast_to(table[0], (*size.shape, table.shape[1]))
    upper = np.clip(np.searchsorted(centers, size), 1, len(centers) - 1)
    gap = np.maximum(centers[upper] - centers[upper - 1], 1e-9)
    share = np.clip((size - centers[upper - 1]) / gap, 0, 1)[..., None]
    return np.asarray(table[upper - 1] * (1 - share) + table[upper] * share)

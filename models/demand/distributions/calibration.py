"""Calibration: from expected demand to distributions, learned on the errors of out-of-sample forecasts.

Works on the scale T(y) = √y, on which counts have errors of about one size. The error's spread is a log-linear
function of the forecast, the SKU's own volatility, the steps ahead and the class; what is left, standardised, is
pooled by forecast size and steps ahead. Whole-unit demand is spread over its unit first and cut back to whole
units at the end, so that quantiles of 0, 1, 2, … come out at the rate at which they occur.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtri

from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Array
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
    """

    coefficients: Array
    edges: Array
    centers: list[Array]
    tables: list[Array]

    @classmethod
    def fit(cls, inputs: SpreadInputs, actual: Array) -> Self:
        """Fit the calibration to demand `actual` (n, K), NaN where not known; rows may be many origins of one SKU."""
        stride = max(1, -(-actual.size // MOST_ERRORS))
        inputs, actual = inputs.every(stride), actual[::stride]
        known = ~np.isnan(actual)
        if known.sum() < LEAST_ERRORS:
            return cls._default(inputs)
        error = _root_demand(actual, inputs) - inputs.center
        coefficients = fit_spread_coefficients(inputs.regressors()[known], np.abs(error[known]))
        standard = error[known] / _spread(inputs, coefficients)[known]
        steps = np.broadcast_to(inputs.steps, actual.shape)[known]
        edges = _step_edges(inputs.steps)
        group = np.searchsorted(edges, steps, side="right") - 1
        overall = np.quantile(standard, DEMAND_LEVELS)
        centers, tables = [], []
        for g in range(len(edges)):
            center, table = _error_quantiles(inputs.size[known][group == g], standard[group == g], overall)
            centers.append(center)
            tables.append(table)
        return cls(coefficients, edges, centers, tables)

    @classmethod
    def _default(cls, inputs: SpreadInputs) -> Self:
        """The calibration without errors to learn from: prior coefficients, a normal's quantiles widened by 1.25."""
        coefficients = prior_coefficients(inputs.regressors().shape[-1])
        normal = ndtri(DEMAND_LEVELS)[None, :] * 1.25
        return cls(coefficients, np.array([1.0]), [np.zeros(1)], [normal])

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
        result[inputs.whole_units] = np.floor(result[inputs.whole_units])
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

    def quantiles(self, period: SpreadInputs, cumulative: SpreadInputs) -> DemandQuantiles:
        """Calibrated demand quantiles, (n, K, Q), of periods and of running sums."""
        return DemandQuantiles(self.period.quantiles(period), self.cumulative.quantiles(cumulative))


def _spread(inputs: SpreadInputs, coefficients: Array) -> Array:
    """Spread E|error| of √demand that a calibration divides errors by, (n, K): learned noise and uncertain level."""
    noise = expected_error(inputs.regressors(), coefficients, inputs.center)
    return np.asarray(np.sqrt(noise**2 + (NORMAL_MEAN_ERROR * inputs.uncertainty) ** 2))


def _root_demand(actual: Array, inputs: SpreadInputs) -> Array:
    """√y, whole units spread evenly over [y, y + 1) by a low-discrepancy sequence (no random state needed)."""
    jitter = (np.arange(actual.size).reshape(actual.shape) * 0.6180339887498949 + 0.5) % 1.0
    whole = inputs.whole_units[:, None]
    return np.asarray(np.sqrt(np.maximum(actual, 0) + np.where(whole, jitter, 0.0)))


def _step_edges(steps: Array) -> Array:
    """First step ahead of each of the calibration's tables of error quantiles: 1, 2, 3, 4, 7, 11, … to the horizon."""
    edges = [1.0, 2.0]
    while edges[-1] < steps.max():
        edges.append(edges[-1] + max(1.0, edges[-2] if len(edges) > 3 else 1.0))
    return np.array([e for e in edges if e <= steps.max()])


def _error_quantiles(size: Array, standard: Array, overall: Array) -> tuple[Array, Array]:
    """Quantiles of the standardised errors in bins of forecast size, shrunk to those of all errors.

    Centres (B,) of the bins and quantiles (B, Q).
    """
    count = int(np.clip(len(size) // BIN_ERRORS, 1, 12))
    if not len(size):
        return np.zeros(1), overall[None, :]
    order = np.argsort(size, kind="stable")
    centers, tables = [], []
    for part in np.array_split(order, count):
        weight = len(part) / (len(part) + 50)
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

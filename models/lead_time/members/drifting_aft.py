"""The drifting AFT model: a regression whose suppliers have seasons and drift, with an empirical error distribution."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.promises import with_promise
from models.estimator import Estimator
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.censored_regression import normal_hazard
from models.lead_time.members.group_keys import encode
from models.lead_time.members.kalman_drift import smooth_drift
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.priors import pseudo_orders, unknown_quantiles
from models.lead_time.members.season import fortnight_of, supplier_seasons
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import SAME_DAY, as_of, usable

_DAY = pd.Timedelta(days=1)
_BIN_DAYS, _MOST_BINS = 7.0, 150
_AHEAD_BINS = 13  # a quarter of a year; later, what has moved is taken to stay
_ROUNDS = 4
_SIGMA_ORDERS = 8.0  # orders that the spread of all suppliers counts for
_LEAST_SIGMA = 0.02
_PRIOR_POINTS, _PRIOR_ORDERS = 21, 3.0
_LEAST_WEIGHT = 1e-6
_FILES = {
    "season_": "season.parquet",
    "drift_": "drift.parquet",
    "drift_variance_": "doubt.parquet",
    "errors_": "errors.parquet",
}


@dataclass(frozen=True)
class _Residuals:
    """Residuals of n orders: log days less regression and season, supplier, time bin, whether closed."""

    value: Array
    supplier: NDArray[np.int64]
    bin: NDArray[np.int64]
    closed: NDArray[np.bool_]


class DriftingAFT(Estimator):
    """log L = Xβ + c_s(t) + g_s(t) + σ_s·ε: regression, the supplier's season and drift, empirical errors.

    The regression is that of `LogNormalAFT`; see `season` for c and `kalman_drift` for g. ε, in units of the supplier's
    own spread, has the distribution of `nested_kaplan_meier`: two modes stay two modes, and few orders lean on all
    suppliers'. Open orders are censored in the regression, in g (by the curvature of their log-likelihood) and in ε.

    Parameters
    ----------
    strength : κ of the error distribution, in orders
    half_life_days : age at which an order weighs half in β and ε
    promises : learn from order lines with a promise, and with the days promised among the covariates
    """

    def __init__(
        self,
        strength: float = 10.0,
        half_life_days: float = 365.0,
        ridges: Sequence[float] = (5.0, 15.0, 45.0),
        *,
        promises: bool = False,
    ) -> None:
        self.promises = promises
        self.strength = strength
        self.half_life_days = half_life_days
        self.ridges = ridges

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn regression, seasons, drift and error distribution from the order history."""
        # how much of a supplier's past still counts is left to the drift, not to shorter memories
        rows = usable(orders).drop(columns=["half_life_days", "memory"], errors="ignore")
        rows = with_promise(rows) if self.promises else rows
        self.aft_ = LogNormalAFT(self.ridges, self.half_life_days, promises=self.promises).fit(rows)
        self.suppliers_ = pd.Index([], dtype=object)
        if self.aft_.design_ is None:
            return self
        self.begin_ = rows["ordered_at"].min()
        span = (as_of(rows) - self.begin_) / _DAY
        self.bin_days_ = max(_BIN_DAYS, span / _MOST_BINS)
        codes, names = encode(rows["supplier_id"].astype(str))
        self.suppliers_ = pd.Index(names, dtype=object)
        residuals = self._residuals(rows, codes)
        self._learn_drift(residuals, bins=int(span / self.bin_days_) + 1 + _AHEAD_BINS)
        self._learn_errors(residuals, recency_weights(rows, self.half_life_days))
        return self

    def _residuals(self, rows: pd.DataFrame, codes: NDArray[np.int64]) -> _Residuals:
        """Log lead times of `rows` less the regression and the suppliers' seasons, which are learned here."""
        log_days = np.log(np.maximum(rows["duration"].to_numpy(float), SAME_DAY))
        bins = ((rows["ordered_at"] - self.begin_) / _DAY / self.bin_days_).to_numpy(float).astype(np.int64)
        value = log_days - self._regression(rows)
        closed = ~rows["is_open"].to_numpy(bool)
        self.season_ = supplier_seasons(
            value[closed], codes[closed], rows["ordered_at"][closed], len(self.suppliers_)
        )
        value = value - self.season_[codes, fortnight_of(rows["ordered_at"])]
        return _Residuals(value, codes, bins, closed)

    def _regression(self, orders: pd.DataFrame) -> Array:
        """Xβ of each order line, (n,)."""
        assert self.aft_.design_ is not None
        return np.asarray(self.aft_.design_.matrix(orders) @ self.aft_.coefficients_)

    def _learn_drift(self, data: _Residuals, bins: int) -> None:
        """Alternate between the drift g given the spreads and the spreads given g.

        Open orders enter as working responses, by the curvature of their log-likelihood.
        """
        groups = len(self.suppliers_)
        self.drift_ = np.zeros((groups, bins))
        self.sigma_ = np.full(groups, self.aft_.sigma_)
        cell = data.supplier * bins + data.bin
        for _ in range(_ROUNDS):
            at, sigma = self.drift_[data.supplier, data.bin], self.sigma_[data.supplier]
            z = (data.value - at) / sigma
            hazard = normal_hazard(z)
            weight = np.where(data.closed, 1.0, np.maximum(hazard * (hazard - z), _LEAST_WEIGHT))
            response = np.where(data.closed, data.value, at + sigma * hazard / weight)
            precision: Array = np.bincount(cell, weight / sigma**2, groups * bins).astype(float)
            total: Array = np.bincount(cell, weight * response / sigma**2, groups * bins).astype(float)
            value = np.divide(total, precision, out=np.zeros_like(total), where=precision > 0)
            paths = smooth_drift(value.reshape(groups, bins), precision.reshape(groups, bins), self.bin_days_)
            self.drift_, self.drift_variance_ = paths.mean, paths.variance
            self.sigma_ = self._error_spread(data)

    def _error_spread(self, data: _Residuals) -> Array:
        """Standard deviation (G,) of each supplier's errors, shrunk to all suppliers'; open ones by expected square."""
        at, sigma = self.drift_[data.supplier, data.bin], self.sigma_[data.supplier]
        z = (data.value - at) / sigma
        hazard = normal_hazard(z)
        square = np.where(data.closed, z**2, 1 + z * hazard) * sigma**2  # E[e² | e > z] = 1 + z·hazard
        groups = len(self.suppliers_)
        count = np.bincount(data.supplier, minlength=groups)
        sums = np.bincount(data.supplier, square, groups)
        of_all = sums.sum() / count.sum()
        variance = (sums + _SIGMA_ORDERS * of_all) / (count + _SIGMA_ORDERS)
        return np.asarray(np.maximum(np.sqrt(variance), _LEAST_SIGMA))

    def _learn_errors(self, data: _Residuals, weights: Array) -> None:
        """Learn the quantiles of the errors ε: of all suppliers (first row), and of each."""
        z = (data.value - self.drift_[data.supplier, data.bin]) / self.sigma_[data.supplier]
        points = ndtri((np.arange(_PRIOR_POINTS) + 0.5) / _PRIOR_POINTS)
        prior = pseudo_orders(points, _PRIOR_ORDERS)
        quantiles = nested_quantiles(
            Durations(z, data.closed, weights), [data.supplier], [self.strength], prior=prior
        )
        self.errors_ = np.concatenate(quantiles)

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each order line; a supplier never seen has the errors of all and does not drift."""
        if self.aft_.design_ is None:
            return Distribution(LEAD_TIME_LEVELS, np.repeat(unknown_quantiles(), len(orders), axis=0))
        middle = self._regression(orders)
        code = self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        known = code >= 0
        days = ((orders["ordered_at"] - self.begin_) / _DAY).to_numpy(float)
        place = np.clip(np.nan_to_num(days / self.bin_days_ - 0.5, nan=np.inf), 0, self.drift_.shape[1] - 1)
        sigma = np.where(known, self.sigma_[code], np.sqrt(np.mean(self.sigma_**2)))
        variance = np.where(known, _drift_at(self.drift_variance_, code, place), 0.0)
        own = _drift_at(self.drift_, code, place) + self.season_[code, fortnight_of(orders["ordered_at"])]
        middle = middle + np.where(known, own, 0.0)
        spread = np.sqrt(sigma**2 + variance)
        values = np.exp(middle[:, None] + spread[:, None] * self.errors_[code + 1])
        return Distribution(LEAD_TIME_LEVELS, values)

    def save(self, folder: Path) -> None:
        """Write the drifting AFT model: the regression, `pace.json`, and season, drift and errors as Parquet."""
        self.aft_.save(folder)
        facts: dict[str, object] = {"strength": self.strength, "half_life_days": self.half_life_days}
        if len(self.suppliers_):
            facts |= {
                "begin": self.begin_.isoformat(),
                "bin_days": self.bin_days_,
                "sigma": self.sigma_.tolist(),
            }
            facts["suppliers"] = list(self.suppliers_)
            for attribute, file in _FILES.items():
                _write(getattr(self, attribute), folder / file)
        (folder / "pace.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the drifting AFT model that `save` wrote."""
        facts = json.loads((folder / "pace.json").read_text(encoding="utf-8"))
        aft = LogNormalAFT.load(folder)
        model = cls(facts["strength"], facts["half_life_days"], aft.ridges, promises=aft.promises)
        model.aft_, model.suppliers_ = aft, pd.Index(facts.get("suppliers", []), dtype=object)
        if len(model.suppliers_):
            model.begin_, model.bin_days_ = pd.Timestamp(facts["begin"]), facts["bin_days"]
            model.sigma_ = np.array(facts["sigma"])
            for attribute, file in _FILES.items():
                setattr(model, attribute, pd.read_parquet(folder / file).to_numpy(float))
        return model


def _write(table: Array, path: Path) -> None:
    """Write an array of the drifting AFT model as Parquet with columns 0, 1, …"""
    pd.DataFrame(table, columns=[str(k) for k in range(table.shape[1])]).to_parquet(path, index=False)


def _drift_at(table: Array, row: NDArray[np.int64], place: Array) -> Array:
    """Drift, or its variance, (n,) of supplier `row` in `table` (G, bins), linear around the fractional bin `place`."""
    low = np.minimum(place.astype(np.int64), table.shape[1] - 2)
    share = place - low
    return np.asarray(table[row, low] * (1 - share) + table[row, low + 1] * share)

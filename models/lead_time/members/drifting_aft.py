"""A regression whose suppliers have seasons and move through time, with the errors' law as it was seen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.empirical import SAME_DAY, unknown_quantiles
from models.lead_time.members.group_keys import encode
from models.lead_time.members.kalman import smooth
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.season import own_seasons, phase_of
from models.lead_time.snapshots import as_of, recency_weights, usable

_DAY = pd.Timedelta(days=1)
_BIN_DAYS, _MOST_BINS = 7.0, 150
_AHEAD_BINS = 13  # a quarter of a year; later, what has moved is taken to stay
_PASSES = 4
_SIGMA_ORDERS = 8.0  # orders that the spread of all suppliers counts for
_LEAST_SIGMA = 0.02
_PRIOR_POINTS = 21
_LEAST_WEIGHT = 1e-6
_TABLES = ("season", "drift", "doubt", "errors")


@dataclass(frozen=True)
class _Rows:
    """n orders: log days less what the regression says, the regression's place, supplier, bin, whether closed."""

    offset: Array
    supplier: NDArray[np.int64]
    bin: NDArray[np.int64]
    closed: NDArray[np.bool_]


class DriftingAFT(Estimator):
    """log L = Xβ + c_s(t) + g_s(t) + σ_s·ε: regression, the supplier's season and drift, errors as they were seen.

    The regression is that of `LogNormalAFT`; see `season` for c and `drift` for g. ε, in units of the supplier's own
    spread, has the nested Dirichlet distribution of `dirichlet`: two modes stay two modes, and few orders lean on
    everybody's. Open orders are censored in the regression, in g (by the curvature of their log-likelihood) and in ε.

    Parameters
    ----------
    strength : κ of the errors' law, in orders
    half_life_days : age at which an order weighs half in β and ε
    """

    def __init__(
        self,
        strength: float = 10.0,
        half_life_days: float = 365.0,
        ridges: Sequence[float] = (5.0, 15.0, 45.0),
    ) -> None:
        self.strength = strength
        self.half_life_days = half_life_days
        self.ridges = ridges

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the frame of `features.orders.history.order_history`."""
        # what a supplier's changes leave of its past is for the drift to say, not for shorter memories
        rows = usable(orders).drop(columns=["half_life_days", "memory"], errors="ignore")
        self.aft_ = LogNormalAFT(self.ridges, self.half_life_days).fit(rows)
        self.suppliers_ = pd.Index([], dtype=object)
        if self.aft_.design_ is None:
            return self
        self.begin_ = rows["ordered_at"].min()
        span = (as_of(rows) - self.begin_) / _DAY
        self.bin_days_ = max(_BIN_DAYS, span / _MOST_BINS)
        codes, names = encode(rows["supplier_id"].astype(str))
        self.suppliers_ = pd.Index(names, dtype=object)
        log_days = np.log(np.maximum(rows["duration"].to_numpy(float), SAME_DAY))
        bins = ((rows["ordered_at"] - self.begin_) / _DAY / self.bin_days_).to_numpy(float).astype(np.int64)
        value = log_days - self.aft_.design_(rows) @ self.aft_.coefficients_
        closed = ~rows["is_open"].to_numpy(bool)
        self.season_ = own_seasons(value[closed], codes[closed], rows["ordered_at"][closed], len(names))
        data = _Rows(value - self.season_[codes, phase_of(rows["ordered_at"])], codes, bins, closed)
        self._follow(data, bins=int(span / self.bin_days_) + 1 + _AHEAD_BINS)
        self._learn_errors(data, recency_weights(rows, self.half_life_days))
        return self

    def _follow(self, data: _Rows, bins: int) -> None:
        """Alternate between g given the spreads and the spreads given g; open orders enter as working responses."""
        groups = len(self.suppliers_)
        self.drift_ = np.zeros((groups, bins))
        self.sigma_ = np.full(groups, self.aft_.sigma_)
        cell = data.supplier * bins + data.bin
        for _ in range(_PASSES):
            at, sigma = self.drift_[data.supplier, data.bin], self.sigma_[data.supplier]
            z = (data.offset - at) / sigma
            hazard = np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-z))
            weight = np.where(data.closed, 1.0, np.maximum(hazard * (hazard - z), _LEAST_WEIGHT))
            response = np.where(data.closed, data.offset, at + sigma * hazard / weight)
            precision: Array = np.bincount(cell, weight / sigma**2, groups * bins).astype(float)
            total: Array = np.bincount(cell, weight * response / sigma**2, groups * bins).astype(float)
            value = np.divide(total, precision, out=np.zeros_like(total), where=precision > 0)
            paths = smooth(value.reshape(groups, bins), precision.reshape(groups, bins), self.bin_days_)
            self.drift_, self.doubt_ = paths.mean, paths.variance
            self.sigma_ = self._spread(data)

    def _spread(self, data: _Rows) -> Array:
        """Standard deviation of each supplier's errors, shrunk to that of all; open ones as far as they tell."""
        at, sigma = self.drift_[data.supplier, data.bin], self.sigma_[data.supplier]
        z = (data.offset - at) / sigma
        hazard = np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-z))
        square = np.where(data.closed, z**2, 1 + z * hazard) * sigma**2  # E[e² | e > z] = 1 + z·hazard
        groups = len(self.suppliers_)
        count = np.bincount(data.supplier, minlength=groups)
        sums = np.bincount(data.supplier, square, groups)
        everybody = sums.sum() / count.sum()
        variance = (sums + _SIGMA_ORDERS * everybody) / (count + _SIGMA_ORDERS)
        return np.asarray(np.maximum(np.sqrt(variance), _LEAST_SIGMA))

    def _learn_errors(self, data: _Rows, weights: Array) -> None:
        """Quantiles of ε: of all suppliers (first row), and of each."""
        z = (data.offset - self.drift_[data.supplier, data.bin]) / self.sigma_[data.supplier]
        points = ndtri((np.arange(_PRIOR_POINTS) + 0.5) / _PRIOR_POINTS)
        prior = Durations(points, np.ones(len(points), bool), np.full(len(points), 3.0 / len(points)))
        quantiles = nested_quantiles(
            Durations(z, data.closed, weights), [data.supplier], [self.strength], prior=prior
        )
        self.errors_ = np.concatenate(quantiles)

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each row; a supplier never seen has everybody's errors and does not move."""
        if self.aft_.design_ is None:
            return Distribution(LEAD_TIME_LEVELS, np.repeat(unknown_quantiles(), len(orders), axis=0))
        middle = self.aft_.design_(orders) @ self.aft_.coefficients_
        code = self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        known = code >= 0
        days = ((orders["ordered_at"] - self.begin_) / _DAY).to_numpy(float)
        place = np.clip(np.nan_to_num(days / self.bin_days_ - 0.5, nan=np.inf), 0, self.drift_.shape[1] - 1)
        sigma = np.where(known, self.sigma_[code], np.sqrt(np.mean(self.sigma_**2)))
        doubt = np.where(known, _between(self.doubt_, code, place), 0.0)
        own = _between(self.drift_, code, place) + self.season_[code, phase_of(orders["ordered_at"])]
        middle = middle + np.where(known, own, 0.0)
        spread = np.sqrt(sigma**2 + doubt)
        values = np.exp(middle[:, None] + spread[:, None] * self.errors_[code + 1])
        return Distribution(LEAD_TIME_LEVELS, values)

    def save(self, folder: Path) -> None:
        """Write the regression, `pace.json`, and season, drift, its doubt and the errors as Parquet."""
        self.aft_.save(folder)
        facts: dict[str, object] = {"strength": self.strength, "half_life_days": self.half_life_days}
        if len(self.suppliers_):
            facts |= {
                "begin": self.begin_.isoformat(),
                "bin_days": self.bin_days_,
                "sigma": self.sigma_.tolist(),
            }
            facts["suppliers"] = list(self.suppliers_)
            for name in _TABLES:
                _write(getattr(self, f"{name}_"), folder / f"{name}.parquet")
        (folder / "pace.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        facts = json.loads((folder / "pace.json").read_text(encoding="utf-8"))
        aft = LogNormalAFT.load(folder)
        model = cls(facts["strength"], facts["half_life_days"], aft.ridges)
        model.aft_, model.suppliers_ = aft, pd.Index(facts.get("suppliers", []), dtype=object)
        if len(model.suppliers_):
            model.begin_, model.bin_days_ = pd.Timestamp(facts["begin"]), facts["bin_days"]
            model.sigma_ = np.array(facts["sigma"])
            model.season_, model.drift_, model.doubt_, model.errors_ = (
                pd.read_parquet(folder / f"{name}.parquet").to_numpy(float) for name in _TABLES
            )
        return model


def _write(table: Array, path: Path) -> None:
    pd.DataFrame(table, columns=[str(k) for k in range(table.shape[1])]).to_parquet(path, index=False)


def _between(table: Array, row: NDArray[np.int64], place: Array) -> Array:
    low = np.minimum(place.astype(np.int64), table.shape[1] - 2)
    share = place - low
    return np.asarray(table[row, low] * (1 - share) + table[row, low + 1] * share)

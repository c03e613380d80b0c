"""The promise moved by its usual error: how long a supplier takes in proportion to what it promises, or in days."""

import json
from pathlib import Path
from typing import Literal, Self

import numpy as np
import pandas as pd
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.promises import PROMISE
from models.estimator import Estimator
from models.lead_time.members.group_keys import encode
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.priors import pseudo_orders, unknown_quantiles
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import SAME_DAY, usable

_POINTS, _PRIOR_ORDERS = 21, 3.0


class PromiseError(Estimator):
    """Lead time = promise × error, or promise + error: the supplier's own errors, shrunk to those of all suppliers.

    The errors are `nested_kaplan_meier` distributions, open orders censored: what is not come a week after its day is
    at least a week late.

    Parameters
    ----------
    kind : `ratio` for lead time over promise, `days` for the days of delay
    strength : κ of a supplier's own errors, in orders
    half_life_days : age at which an order weighs half
    """

    def __init__(
        self, kind: Literal["ratio", "days"] = "ratio", strength: float = 10.0, half_life_days: float = 365.0
    ) -> None:
        self.kind = kind
        self.strength = strength
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn the errors of all promises, and of each supplier's, from order lines with the column `PROMISE`."""
        rows = usable(orders)
        rows = rows[rows[PROMISE].notna()].reset_index(drop=True)
        closed = ~rows["is_open"].to_numpy(bool)
        self.suppliers_, self.errors_ = pd.Index([], dtype=object), np.empty((0, len(LEAD_TIME_LEVELS)))
        if not closed.any():
            return self
        error = self._error(rows["duration"].to_numpy(float), rows[PROMISE].to_numpy(float))
        codes, names = encode(rows["supplier_id"].astype(str))
        durations = Durations(error, closed, recency_weights(rows, self.half_life_days))
        spread = max(float(np.std(error[closed])), 1e-3 * max(float(np.abs(error[closed]).mean()), 1e-3))
        middle = float(np.median(error[closed]))
        points = middle + spread * ndtri((np.arange(_POINTS) + 0.5) / _POINTS)
        prior = pseudo_orders(points, _PRIOR_ORDERS)
        self.errors_ = np.concatenate(nested_quantiles(durations, [codes], [self.strength], prior=prior))
        self.suppliers_ = pd.Index(names, dtype=object)
        return self

    def _error(self, days: Array, promise: Array) -> Array:
        """Errors (n,) of promises: log lead time less log promise, or days of delay."""
        if self.kind == "days":
            return days - promise
        return np.asarray(np.log(np.maximum(days, SAME_DAY)) - np.log(np.maximum(promise, SAME_DAY)))

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each order line by its promise; without one, that of when nothing is known."""
        if not len(self.errors_):
            return Distribution(LEAD_TIME_LEVELS, np.repeat(unknown_quantiles(), len(orders), axis=0))
        code = self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        promise, error = orders[PROMISE].to_numpy(float)[:, None], self.errors_[code + 1]
        if self.kind == "days":
            values = np.maximum(promise + error, 0.0)
        else:
            values = np.maximum(promise, SAME_DAY) * np.exp(error)
        return Distribution(LEAD_TIME_LEVELS, np.where(np.isnan(promise), unknown_quantiles(), values))

    def save(self, folder: Path) -> None:
        """Write the promise errors as `promise_error.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "parameters": {
                "kind": self.kind,
                "strength": self.strength,
                "half_life_days": self.half_life_days,
            },
            "suppliers": list(self.suppliers_),
            "errors": self.errors_.tolist(),
        }
        (folder / "promise_error.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the promise errors that `save` wrote."""
        facts = json.loads((folder / "promise_error.json").read_text(encoding="utf-8"))
        model = cls(**facts["parameters"])
        model.suppliers_ = pd.Index(facts["suppliers"], dtype=object)
        model.errors_ = np.array(facts["errors"], float).reshape(-1, len(LEAD_TIME_LEVELS))
        return model

"""The LogNormal accelerated failure time (AFT) model: log lead time is linear in the covariates of the order."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.promises import with_promise
from models.estimator import Estimator
from models.lead_time.members.censored_regression import CensoredSample, censored_normal
from models.lead_time.members.design_matrix import DesignMatrix
from models.lead_time.members.priors import unknown_quantiles
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import SAME_DAY, usable

_LEAST_SIGMA = 1e-3


class LogNormalAFT(Estimator):
    """log L = Xβ + σ·ε with ε standard normal, open orders right-censored, recent orders weighing more.

    Fitted by our own Newton steps on a sparse design: the same optimum as lifelines' `LogNormalAFTFitter`
    (a test holds them together), quick enough to pay for choosing the ridge by backtest.

    Parameters
    ----------
    ridges : in orders: a group with that many keeps half of its own deviation. The coefficients of several
        are averaged, which is nearly as good as the best one without having to know which that is
    half_life_days : age at which an order weighs half
    promises : learn from order lines with a promise, and with the days promised among the covariates
    """

    def __init__(
        self,
        ridges: Sequence[float] = (5.0, 15.0, 45.0),
        half_life_days: float = 365.0,
        *,
        promises: bool = False,
    ) -> None:
        self.ridges = ridges
        self.half_life_days = half_life_days
        self.promises = promises

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn the coefficients β and the error's σ from the order history."""
        rows = with_promise(usable(orders)) if self.promises else usable(orders)
        self.design_: DesignMatrix | None = None
        if rows["is_open"].astype(bool).all():  # without a single outcome there is nothing to regress
            return self
        self.design_ = DesignMatrix.learn(rows, promises=self.promises)
        sample = CensoredSample(
            np.log(np.maximum(rows["duration"].to_numpy(float), SAME_DAY)),
            ~rows["is_open"].to_numpy(bool),
            recency_weights(rows, self.half_life_days),
        )
        X = self.design_.matrix(rows)
        fits = [censored_normal(X, sample, ridge) for ridge in self.ridges]
        self.coefficients_: Array = np.mean([fit[0] for fit in fits], axis=0)
        self.sigma_ = max(float(np.mean([fit[1] for fit in fits])), _LEAST_SIGMA)
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """LogNormal lead time of each order line; a supplier or SKU never seen gets the mean of all."""
        if self.design_ is None:
            return Distribution(LEAD_TIME_LEVELS, np.repeat(unknown_quantiles(), len(orders), axis=0))
        median = np.exp(self.design_.matrix(orders) @ self.coefficients_)
        return Distribution(LEAD_TIME_LEVELS, np.outer(median, np.exp(self.sigma_ * ndtri(LEAD_TIME_LEVELS))))

    def save(self, folder: Path) -> None:
        """Write the AFT model as `aft.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        parameters = {
            "ridges": list(self.ridges),
            "half_life_days": self.half_life_days,
            "promises": self.promises,
        }
        facts: dict[str, object] = {"parameters": parameters}
        if self.design_ is not None:
            facts["design"] = self.design_.to_json()
            facts["coefficients"], facts["sigma"] = self.coefficients_.tolist(), self.sigma_
        (folder / "aft.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the AFT model that `save` wrote."""
        facts = json.loads((folder / "aft.json").read_text(encoding="utf-8"))
        model = cls(**facts["parameters"])
        model.design_ = None
        if "design" in facts:
            model.design_ = DesignMatrix.from_json(facts["design"])
            model.coefficients_, model.sigma_ = np.array(facts["coefficients"]), facts["sigma"]
        return model

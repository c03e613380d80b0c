"""Lead times from contracts: the days an offer promises, times how suppliers in general keep such promises."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.priors import unknown_quantiles, vague_prior
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import usable

_ENOUGH_ORDERS, _ENOUGH_SUPPLIERS = 30, 3


class ContractLeadTime(Estimator):
    """Contract days times the distribution of lead time / contract days over all suppliers that have both.

    With fewer than 30 such closed orders of 3 suppliers every order is taken to come on its contract day.

    Parameters
    ----------
    half_life_days : age at which an order weighs half
    """

    def __init__(self, half_life_days: float = 365.0) -> None:
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn the distribution of lead time / contract days from the order history."""
        rows = usable(orders)
        rows = rows[_contract_days(rows) > 0].reset_index(drop=True)
        closed = rows[~rows["is_open"].astype(bool)]
        self.ratio_: Array = np.ones(len(LEAD_TIME_LEVELS))
        if len(closed) >= _ENOUGH_ORDERS and closed["supplier_id"].nunique() >= _ENOUGH_SUPPLIERS:
            ratios = Durations(
                (rows["duration"] / rows["contract_days"]).to_numpy(float),
                ~rows["is_open"].to_numpy(bool),
                recency_weights(rows, self.half_life_days),
            )
            self.ratio_ = nested_quantiles(ratios, [], [], prior=vague_prior(ratios))[0][0]
        return self

    def predict(self, orders: pd.DataFrame, *, certain: bool = False) -> Distribution:
        """Lead time of each order line by its contract days; without a contract, that of when nothing is known.

        `certain` takes every order to come on its contract day.
        """
        days = _contract_days(orders)
        ratio = np.ones(len(LEAD_TIME_LEVELS)) if certain else self.ratio_
        values = np.where(np.isnan(days)[:, None], unknown_quantiles(), np.outer(np.nan_to_num(days), ratio))
        return Distribution(LEAD_TIME_LEVELS, values)

    def save(self, folder: Path) -> None:
        """Write the ratios of lead time to contract days as `contract.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {"half_life_days": self.half_life_days, "ratio": self.ratio_.tolist()}
        (folder / "contract.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the contract lead times that `save` wrote."""
        facts = json.loads((folder / "contract.json").read_text(encoding="utf-8"))
        model = cls(facts["half_life_days"])
        model.ratio_ = np.array(facts["ratio"])
        return model


def _contract_days(orders: pd.DataFrame) -> Array:
    """Days (n,) that each order line's contract promises, NaN without one."""
    if "contract_days" not in orders:
        return np.full(len(orders), np.nan)
    return np.asarray(orders["contract_days"], float)

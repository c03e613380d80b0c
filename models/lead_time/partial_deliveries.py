"""Orders of which a part has come: when the rest comes, and how much of it at all."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.empirical import SAME_DAY
from models.lead_time.members.group_keys import encode
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.snapshots import recency_weights, usable

_ENOUGH = 20  # closed orders that came in parts; with fewer, the first part is not listened to
_STRENGTH = 10.0  # orders that all suppliers together count for
_PRIOR_ORDERS = 3.0  # that count as delivered in full before anything is known
_PRIOR_RATIOS = 1 + np.array([0.1, 0.3, 0.6, 1.0, 2.0])  # lead time against the days until the first part
_NOTHING = 1e-3  # share of the rest below which nothing more has come


class PartialDeliveries(Estimator):
    """Lead time / days until the first part, and the share of the rest that came; both by supplier, shrunk to all.

    A part says how far the order is: what took 20 days to begin is not done the next day. Orders still open are
    censored at their age. Learned from 20 closed orders in parts on; with fewer `predict` is not to be used.

    Parameters
    ----------
    half_life_days : age at which an order weighs half
    """

    def __init__(self, half_life_days: float = 365.0) -> None:
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the frame of `features.orders.history.order_history`."""
        rows = usable(orders)
        rows = rows[in_parts(rows)].reset_index(drop=True)
        closed = ~rows["is_open"].to_numpy(bool)
        self.suppliers_ = pd.Index([], dtype=object)
        self.ratios_: Array = np.ones((1, len(LEAD_TIME_LEVELS)))
        self.shares_: Array = np.ones((1, 2))
        self.learned_ = int(closed.sum()) >= _ENOUGH
        if not self.learned_:
            return self
        codes, self.suppliers_ = encode(rows["supplier_id"].astype(str))
        weights = recency_weights(rows, self.half_life_days)
        ratio = rows["duration"].to_numpy(float) / np.maximum(rows["part_after"].to_numpy(float), SAME_DAY)
        count = len(_PRIOR_RATIOS)
        prior = Durations(_PRIOR_RATIOS, np.ones(count, bool), np.full(count, _PRIOR_ORDERS / count))
        quantiles = nested_quantiles(Durations(ratio, closed, weights), [codes], [_STRENGTH], prior=prior)
        self.ratios_ = np.concatenate(quantiles)
        self.shares_ = _shares(rows[closed], codes[closed], len(self.suppliers_), weights[closed])
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each row, all of which have had a first part after `part_after` days."""
        days = np.maximum(orders["part_after"].to_numpy(float), SAME_DAY)
        return Distribution(LEAD_TIME_LEVELS, days[:, None] * self.ratios_[self._row(orders)])

    def rest(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Per row: `share`, the expected share of the open quantity that comes, and `none`, the chance of nothing.

        1 and 0 for rows of which no part has come.
        """
        begun = in_parts(orders) & self.learned_
        share, something = self.shares_[self._row(orders)].T
        columns = {"share": np.where(begun, share, 1.0), "none": np.where(begun, 1 - something, 0.0)}
        return pd.DataFrame(columns, index=orders.index)

    def _row(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        """Row of the tables for each order; 0 is all suppliers together."""
        return np.asarray(self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str))) + 1)

    def save(self, folder: Path) -> None:
        """Write `partial.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "half_life_days": self.half_life_days,
            "learned": self.learned_,
            "suppliers": list(self.suppliers_),
            "ratios": self.ratios_.tolist(),
            "shares": self.shares_.tolist(),
        }
        (folder / "partial.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        facts = json.loads((folder / "partial.json").read_text(encoding="utf-8"))
        model = cls(facts["half_life_days"])
        model.learned_ = facts["learned"]
        model.suppliers_ = pd.Index(facts["suppliers"], dtype=object)
        model.ratios_, model.shares_ = np.array(facts["ratios"]), np.array(facts["shares"])
        return model


def in_parts(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a first part has come of each row by the age at which it is looked at."""
    if "part_after" not in orders:
        return np.zeros(len(orders), bool)
    seen_until = orders["age"].fillna(orders["duration"]) if "duration" in orders else orders["age"]
    return np.asarray(orders["part_after"].notna() & (orders["part_after"] <= seen_until), bool)


def _shares(rows: pd.DataFrame, codes: NDArray[np.int64], groups: int, weights: Array) -> Array:
    """Expected share of the rest that came and chance that something did, (1 + G, 2): of all, then by supplier."""
    rest = (rows["quantity_ordered"] - rows["part_quantity"]).to_numpy(float)
    came = (rows["quantity_received"] - rows["part_quantity"]).to_numpy(float)
    share = np.clip(np.divide(came, rest, out=np.ones_like(rest), where=rest > 0), 0, 1)
    both = np.column_stack([share, share > _NOTHING]) * weights[:, None]
    everybody = (both.sum(axis=0) + _PRIOR_ORDERS) / (weights.sum() + _PRIOR_ORDERS)
    total = np.column_stack([np.bincount(codes, column, groups) for column in both.T])
    own = (total + _STRENGTH * everybody) / (np.bincount(codes, weights, groups) + _STRENGTH)[:, None]
    return np.asarray(np.vstack([everybody, own]))

"""Partial deliveries: how likely a first part is, and when the rest comes once it has, and how much at all."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.group_keys import encode
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.priors import pseudo_orders
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import SAME_DAY, usable
from planning.protocols import FirstParts

_ENOUGH = 20  # closed orders that came in parts; with fewer, the first part is ignored
_STRENGTH = 10.0  # orders that all suppliers together count for
_PRIOR_ORDERS = 3.0  # that count as delivered in full before anything is known
_PRIOR_RATIOS = 1 + np.array([0.1, 0.3, 0.6, 1.0, 2.0])  # lead time against the days until the first part
_NOTHING = 1e-3  # share of the rest below which nothing more has come


class PartialDeliveries(Estimator):
    """Lead times of partly delivered orders, and the share of the rest that comes, by supplier and shrunk to all.

    Of orders of which nothing has come yet, the chance that they come in parts (`first_parts`). The lead time of those
    of which a part has come is modelled as a multiple of the days until then: what took 20 days to begin is not done
    the next day. Orders still open are censored at their age. Learned from 20 closed orders in parts on; with fewer,
    `predict` is not to be used.

    Parameters
    ----------
    half_life_days : age at which an order weighs half
    """

    def __init__(self, half_life_days: float = 365.0) -> None:
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the partial deliveries in the order history."""
        known = usable(orders)
        rows = known[partly_delivered(known)].reset_index(drop=True)
        closed = ~rows["is_open"].to_numpy(bool)
        self.suppliers_ = pd.Index([], dtype=object)
        self.ratios_: Array = np.ones((1, len(LEAD_TIME_LEVELS)))
        self.shares_: Array = np.ones((1, 2))
        self.senders_ = pd.Index([], dtype=object)
        self.first_: Array = np.array([[0.0, 1.0, 1.0]])
        self.learned_ = int(closed.sum()) >= _ENOUGH
        if not self.learned_:
            return self
        codes, self.suppliers_ = encode(rows["supplier_id"].astype(str))
        weights = recency_weights(rows, self.half_life_days)
        ratio = rows["duration"].to_numpy(float) / np.maximum(rows["part_after"].to_numpy(float), SAME_DAY)
        prior = pseudo_orders(_PRIOR_RATIOS, _PRIOR_ORDERS)
        quantiles = nested_quantiles(Durations(ratio, closed, weights), [codes], [_STRENGTH], prior=prior)
        self.ratios_ = np.concatenate(quantiles)
        self.shares_ = _delivered_shares(rows[closed], codes[closed], len(self.suppliers_), weights[closed])
        ended = known[~known["is_open"].to_numpy(bool)].reset_index(drop=True)
        codes, self.senders_ = encode(ended["supplier_id"].astype(str))
        weights = recency_weights(ended, self.half_life_days)
        self.first_ = _first_parts(ended, codes, len(self.senders_), weights)
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each partly delivered order line, from the days `part_after` until its first part."""
        days = np.maximum(orders["part_after"].to_numpy(float), SAME_DAY)
        return Distribution(LEAD_TIME_LEVELS, days[:, None] * self.ratios_[self._table_row(orders)])

    def remainder(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Remainder of each order line: `share` of the open quantity expected to come, `none` the chance of nothing.

        1 and 0 for lines without a partial delivery.
        """
        partly = partly_delivered(orders) & self.learned_
        share, something = self.shares_[self._table_row(orders)].T
        columns = {"share": np.where(partly, share, 1.0), "none": np.where(partly, 1 - something, 0.0)}
        return pd.DataFrame(columns, index=orders.index)

    def first_parts(self, orders: pd.DataFrame) -> FirstParts | None:
        """First parts that order lines may come in, before their age is known; none where such were not learned.

        Lines of which a part has come already have no chance of another first.
        """
        if not self.learned_:
            return None
        supplier = pd.Index(orders["supplier_id"].astype(str))
        chance, share, sooner = self.first_[self.senders_.get_indexer(supplier) + 1].T
        begun = partly_delivered(orders) | (orders.get("quantity_received", pd.Series(0.0, orders.index)) > 0)
        return FirstParts(np.where(begun, 0.0, chance), share, sooner)

    def _table_row(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        """Row of `ratios_` and `shares_` for each order line; 0 is all suppliers together."""
        return np.asarray(self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str))) + 1)

    def save(self, folder: Path) -> None:
        """Write the ratios and shares of partial deliveries as `partial.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "half_life_days": self.half_life_days,
            "learned": self.learned_,
            "suppliers": list(self.suppliers_),
            "ratios": self.ratios_.tolist(),
            "shares": self.shares_.tolist(),
            "senders": list(self.senders_),
            "first": self.first_.tolist(),
        }
        (folder / "partial.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the partial deliveries that `save` wrote."""
        facts = json.loads((folder / "partial.json").read_text(encoding="utf-8"))
        model = cls(facts["half_life_days"])
        model.learned_ = facts["learned"]
        model.suppliers_ = pd.Index(facts["suppliers"], dtype=object)
        model.ratios_, model.shares_ = np.array(facts["ratios"]), np.array(facts["shares"])
        # not in bundles from before first parts were learned
        model.senders_ = pd.Index(facts.get("senders", []), dtype=object)
        model.first_ = np.array(facts.get("first", [[0.0, 1.0, 1.0]]))
        return model


def partly_delivered(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each order line (n,) had a partial delivery by the age at which it is looked at."""
    if "part_after" not in orders:
        return np.zeros(len(orders), bool)
    seen_until = orders["age"].fillna(orders["duration"]) if "duration" in orders else orders["age"]
    return np.asarray(orders["part_after"].notna() & (orders["part_after"] <= seen_until), bool)


def _delivered_shares(rows: pd.DataFrame, codes: NDArray[np.int64], groups: int, weights: Array) -> Array:
    """Share of the remainder delivered and chance of any, (1 + G, 2): of all suppliers, then by supplier."""
    remainder = (rows["quantity_ordered"] - rows["part_quantity"]).to_numpy(float)
    came = (rows["quantity_received"] - rows["part_quantity"]).to_numpy(float)
    share = np.clip(np.divide(came, remainder, out=np.ones_like(remainder), where=remainder > 0), 0, 1)
    both = np.column_stack([share, share > _NOTHING]) * weights[:, None]
    of_all = (both.sum(axis=0) + _PRIOR_ORDERS) / (weights.sum() + _PRIOR_ORDERS)
    total = np.column_stack([np.bincount(codes, column, groups) for column in both.T])
    by_supplier = (total + _STRENGTH * of_all) / (np.bincount(codes, weights, groups) + _STRENGTH)[:, None]
    return np.asarray(np.vstack([of_all, by_supplier]))


def _first_parts(rows: pd.DataFrame, codes: NDArray[np.int64], groups: int, weights: Array) -> Array:
    """Chance of a first part, its share of the order and its days, (1 + G, 3): of all suppliers, then by supplier.

    Days count in units of the supplier's usual lead time: orders in parts take longer than others. The chance is of all
    closed orders `rows`, share and days are of those that came in parts. A supplier counts with its orders, all
    suppliers together with `_STRENGTH`.
    """
    duration = np.maximum(rows["duration"].to_numpy(float), SAME_DAY)
    total, count = (np.bincount(codes, values, groups) for values in (weights * duration, weights))
    usual = total / np.maximum(count, 1e-9)
    in_parts = partly_delivered(rows).astype(float)
    share = np.clip(
        rows["part_quantity"].to_numpy(float) / rows["quantity_ordered"].to_numpy(float), 0.0, 1.0
    )
    days = rows["part_after"].to_numpy(float) / usual[codes]
    columns = []
    for value, weight in ((in_parts, weights), (share, weights * in_parts), (days, weights * in_parts)):
        summed = weight * np.nan_to_num(value)
        of_all = summed.sum() / weight.sum()
        own, count = (np.bincount(codes, values, groups) for values in (summed, weight))
        columns.append(np.append(of_all, (own + _STRENGTH * of_all) / (count + _STRENGTH)))
    chance, share, sooner = columns
    return np.column_stack([chance, share, np.clip(sooner, 0.01, 1.0)])

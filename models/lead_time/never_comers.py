"""Never-comers: the share of order lines that never come, learned from those cancelled, closed short or forgotten."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.estimator import Estimator
from models.lead_time.members.group_keys import encode
from models.lead_time.recency import recency_weights
from planning.protocols import NeverComing

_STRENGTH = 10.0  # orders that all suppliers together count for
_PRIOR_SHARE, _PRIOR_ORDERS = 0.01, 50.0  # of lines that never come, before anything is known
_LEAST_SHARE = 0.002  # however many lines came: those that did not are often left out of what is exported
_LEAST_BEYOND = 0.02  # likewise, of coming later than all of them


class NeverComers(Estimator):
    """The share π of a supplier's order lines that never come, shrunk to the company's.

    A cure model without its survival function, which the lead-time distribution gives when a line's age is known (see
    `planning.projection.never_arrives`): π_s = (Σ w·c + κ·π) / (Σ w + κ) over the supplier's lines that have come or
    been given up, c the share that never came, w recency weights; π of all suppliers likewise to a prior of 1 %, and
    neither below 0.2 %. An open line counts, and wholly, only where it is open far beyond all experience.

    Parameters
    ----------
    half_life_days : age at which an order weighs half
    """

    def __init__(self, half_life_days: float = 365.0) -> None:
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame, beyond: NDArray[np.bool_]) -> Self:
        """Learn from the order history; `beyond` (n,) marks its lines that are open far beyond all experience."""
        lost = orders.get("never_came", pd.Series(0.0, orders.index)).to_numpy(float)
        came = (~orders["is_open"].to_numpy(bool)) & orders["duration"].notna().to_numpy()
        ended = came | (lost > 0) | beyond
        share = np.where(beyond, 1.0, lost)[ended]
        weights = np.nan_to_num(recency_weights(orders, self.half_life_days)[ended], nan=1.0)
        codes, self.suppliers_ = encode(orders.loc[ended, "supplier_id"].astype(str))
        self.learned_ = bool((share > 0).any())
        self.shares_ = _shares(share, codes, weights, len(self.suppliers_))
        self.counts_: Array = np.bincount(codes[came[ended]], minlength=len(self.suppliers_)).astype(float)
        return self

    @classmethod
    def unknown(cls) -> Self:
        """Never-comers of a company of which nothing is known, as in bundles from before they were learned."""
        model = cls()
        model.learned_, model.suppliers_ = False, pd.Index([], dtype=object)
        model.shares_, model.counts_ = np.array([_PRIOR_SHARE]), np.empty(0)
        return model

    def chance(self, orders: pd.DataFrame) -> NeverComing:
        """Chance of each order line (n,) never to come, before its age is known."""
        row = self.suppliers_.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        seen = np.append(self.counts_, 0.0)[row]
        return NeverComing(self.shares_[row + 1], np.maximum(1 / (seen + 1), _LEAST_BEYOND), self.learned_)

    def save(self, folder: Path) -> None:
        """Write the shares of never-comers as `never.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "half_life_days": self.half_life_days,
            "learned": self.learned_,
            "suppliers": list(self.suppliers_),
            "shares": self.shares_.tolist(),
            "counts": self.counts_.tolist(),
        }
        (folder / "never.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the never-comers that `save` wrote; unknown where there are none."""
        path = folder / "never.json"
        if not path.exists():
            return cls.unknown()
        facts = json.loads(path.read_text(encoding="utf-8"))
        model = cls(facts["half_life_days"])
        model.learned_, model.suppliers_ = facts["learned"], pd.Index(facts["suppliers"], dtype=object)
        model.shares_, model.counts_ = np.array(facts["shares"]), np.array(facts["counts"])
        return model


def _shares(share: Array, codes: NDArray[np.int64], weights: Array, suppliers: int) -> Array:
    """Share of lines that never come, (1 + S,): of all suppliers, then by supplier."""
    never = weights * share
    of_all = (never.sum() + _PRIOR_SHARE * _PRIOR_ORDERS) / (weights.sum() + _PRIOR_ORDERS)
    own, total = (np.bincount(codes, values, suppliers) for values in (never, weights))
    shares = np.append(of_all, (own + _STRENGTH * of_all) / (total + _STRENGTH))
    return np.asarray(np.maximum(shares, _LEAST_SHARE))


def censored_at_closing(orders: pd.DataFrame) -> pd.DataFrame:
    """Order history in which a line cancelled within experience is open until then, though it counts as a never-comer.

    Its lead time would have been longer, and no more is known. One cancelled later than any line of its supplier took
    is no slow line but a never-comer, and tells nothing of lead times.
    """
    if "closed_after" not in orders or not orders["closed_after"].notna().any():
        return orders
    days = orders["closed_after"]
    longest = orders["lead_time"].groupby(orders["supplier_id"]).max().reindex(orders["supplier_id"])
    cancelled = days.notna() & (days.to_numpy() <= longest.to_numpy())
    return orders.assign(
        is_open=orders["is_open"] | cancelled,
        age=orders["age"].where(~cancelled, days),
        duration=orders["duration"].where(~cancelled, days),
    )

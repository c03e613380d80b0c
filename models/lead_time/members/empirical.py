"""The shrunk, recency-weighted, censoring-aware empirical distribution of a supplier's lead times."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.group_keys import encode, group_keys
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.snapshots import recency_weights, usable

SAME_DAY = 0.5  # days that a delivery on the day of the order counts for: its logarithm must exist
PRIOR_ORDERS = 3.0
PRIOR_SIGMA = 0.5  # of log lead time: the middle of what suppliers of the public data sets have
_POINTS = 21
UNKNOWN_DAYS = (5.0, 180.0)  # 5 % and 95 % of the lead time when nothing at all is known


class ShrunkEmpirical(Estimator):
    """Quantiles per nested group, each group shrunk to the one around it (see `dirichlet`).

    Parameters
    ----------
    columns : the path of groups from coarse to fine, below "all orders together"
    strengths : κ per depth: how many orders the group around counts for
    half_life_days : age at which an order weighs half
    """

    def __init__(
        self,
        columns: Sequence[str] = ("supplier_id", "unique_id"),
        strengths: Sequence[float] = (5.0, 5.0),
        half_life_days: float = 365.0,
    ) -> None:
        self.columns = columns
        self.strengths = strengths
        self.half_life_days = half_life_days

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the frame of `features.orders.history.order_history`."""
        rows = usable(orders)
        self.groups_: list[tuple[pd.Index, Array]] = []
        if rows.empty:
            self.all_ = unknown_quantiles()
            return self
        coded = [encode(keys) for keys in group_keys(rows, self.columns)]
        durations = Durations(
            rows["duration"].to_numpy(float),
            ~rows["is_open"].to_numpy(bool),
            recency_weights(rows, self.half_life_days),
        )
        quantiles = nested_quantiles(
            durations, [codes for codes, _ in coded], self.strengths, prior=vague_prior(durations)
        )
        self.all_ = quantiles[0]
        self.groups_ = [(names, values) for (_, names), values in zip(coded, quantiles[1:], strict=True)]
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each row by the finest group that is known."""
        return Distribution(LEAD_TIME_LEVELS, self.table()[self.rows(orders)])

    def table(self) -> Array:
        """Quantiles of all orders together, then of every group, the coarse ones first: (1 + G, Q)."""
        return np.concatenate([self.all_, *(values for _, values in self.groups_)])

    def rows(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        """Row of `table` that speaks for each order."""
        rows = np.zeros(len(orders), np.int64)
        begin = 1
        for keys, (names, _) in zip(group_keys(orders, self.columns), self.groups_, strict=False):
            at = names.get_indexer(pd.Index(keys))
            rows = np.where(at >= 0, begin + at, rows)
            begin += len(names)
        return rows

    def save(self, folder: Path) -> None:
        """Write `groups.parquet` (depth, key, quantiles) and `empirical.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "columns": list(self.columns),
            "strengths": list(self.strengths),
            "half_life_days": self.half_life_days,
        }
        (folder / "empirical.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        depths = [(pd.Index([""]), self.all_), *self.groups_]
        frames = [
            pd.DataFrame(values, columns=[f"q{level:g}" for level in LEAD_TIME_LEVELS]).assign(
                depth=depth, key=names
            )
            for depth, (names, values) in enumerate(depths)
        ]
        pd.concat(frames, ignore_index=True).to_parquet(folder / "groups.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model = cls(**json.loads((folder / "empirical.json").read_text(encoding="utf-8")))
        frame = pd.read_parquet(folder / "groups.parquet")
        depths = [
            (pd.Index(part["key"].astype(object)), part.drop(columns=["depth", "key"]).to_numpy(float))
            for _, part in frame.groupby("depth", sort=True)
        ]
        model.all_, model.groups_ = depths[0][1], depths[1:]
        return model


def vague_prior(durations: Durations) -> Durations:
    """Three pseudo-orders, LogNormal around what was seen, so that one order is no certainty.

    Their spread is that of the closed orders' logarithms, itself shrunk to that of a supplier of middling
    reliability. Where nothing was received yet they lie at twice the typical age: it takes longer than that.
    """
    closed = durations.values[durations.closed]
    logs = np.log(np.maximum(closed if len(closed) else 2 * durations.values, SAME_DAY))
    n = len(closed)
    spread = np.sqrt((n * float(np.var(logs)) + PRIOR_ORDERS * PRIOR_SIGMA**2) / (n + PRIOR_ORDERS))
    points = np.exp(float(np.median(logs)) + spread * ndtri((np.arange(_POINTS) + 0.5) / _POINTS))
    return Durations(points, np.ones(_POINTS, bool), np.full(_POINTS, PRIOR_ORDERS / _POINTS))


def unknown_quantiles() -> Array:
    """A log-uniform guess, (1, Q), for a company without a single order; `describe` marks it as unknown."""
    low, high = np.log(UNKNOWN_DAYS)
    return np.asarray(np.exp(low + (high - low) * (LEAD_TIME_LEVELS - 0.05) / 0.9))[None, :]

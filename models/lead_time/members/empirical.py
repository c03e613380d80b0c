"""The shrunk empirical distribution of a supplier's lead times: recent orders weigh more, open ones are censored."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.estimator import Estimator
from models.lead_time.members.group_keys import encode, group_keys
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.members.priors import unknown_quantiles, vague_prior
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import usable


class ShrunkEmpirical(Estimator):
    """Empirical lead-time quantiles per nested group, each group shrunk to the one around it.

    The estimate is that of `nested_kaplan_meier`.

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
        """Learn the empirical distribution of every group from the order history."""
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
        """Lead time of each order line: the empirical distribution of the finest group that is known."""
        return Distribution(LEAD_TIME_LEVELS, self.table()[self.table_row(orders)])

    def table(self) -> Array:
        """Empirical quantiles of all orders together, then of every group, the coarse ones first: (1 + G, Q)."""
        return np.concatenate([self.all_, *(values for _, values in self.groups_)])

    def table_row(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        """Row (n,) of `table` that holds the empirical quantiles of each order line's finest known group."""
        rows = np.zeros(len(orders), np.int64)
        begin = 1
        for keys, (names, _) in zip(group_keys(orders, self.columns), self.groups_, strict=False):
            at = names.get_indexer(pd.Index(keys))
            rows = np.where(at >= 0, begin + at, rows)
            begin += len(names)
        return rows

    def save(self, folder: Path) -> None:
        """Write the empirical quantiles as `groups.parquet` (depth, key, quantiles) and `empirical.json`."""
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
        """Read the empirical quantiles that `save` wrote."""
        model = cls(**json.loads((folder / "empirical.json").read_text(encoding="utf-8")))
        frame = pd.read_parquet(folder / "groups.parquet")
        depths = [
            (pd.Index(part["key"].astype(object)), part.drop(columns=["depth", "key"]).to_numpy(float))
            for _, part in frame.groupby("depth", sort=True)
        ]
        model.all_, model.groups_ = depths[0][1], depths[1:]
        return model

"""Quantile boosting: LightGBM quantiles of the demand of a period and of the first k periods together."""

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from configs.schema import BoostingConfig
from features.demand.feature_rows.demand_features import DemandFeatures
from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array, Panel
from models.demand.members.boosting import tree_text
from models.demand.members.training_rows import Indices, draw_training_rows, feature_matrix, forecast_rows

Float32Array = NDArray[np.float32]

BOOSTED_LEVELS: Array = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
"""Quantile levels learned; between and beyond them the calibrated distribution gives the shape (`quantile_blend`)."""

MOST_ROWS, ROUNDS, LEARNING_RATE = 40_000, 80, 0.1
"""Training rows at most, trees and learning rate: half as much again of each gains less than 0.5 % of pinball loss."""

LEAST_ROWS = 5_000
"""Training rows below which there is no model: an outer quantile would rest on fewer than 250 of them."""

LEAST_KNOWN = 0.8
"""Share of the periods of a sum that must be known for it to be a training row."""

PARAMS: dict[str, Any] = {
    "objective": "quantile",
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}

NAME = "quantile_boosting"
KINDS = ("period", "sum")


class QuantileBoosting:
    """One LightGBM model per level of `BOOSTED_LEVELS`, for periods and for sums, on demand relative to a SKU's level.

    It sees what a spread learned from forecast errors does not: that promoted, sporadic or new SKUs have demand
    distributions of shapes of their own.
    """

    def __init__(
        self, season: int, h: int, config: BoostingConfig, *, seed: int = 0, threads: int = 2
    ) -> None:
        self.features = DemandFeatures(season, h)
        self.config = config
        self.seed = seed
        self.threads = threads
        self.texts_: dict[str, list[str]] = {}
        self.names_: dict[str, list[str]] = {}

    def fit(self, panel: Panel) -> Self:
        """Fit the quantile models on all origins of the panel; a panel without usable rows leaves no model."""
        self.features.learn(panel)
        prepared = self.features.prepare(panel)
        i, t, k, weight = draw_training_rows(
            prepared,
            self.features.h,
            self.features.season,
            rows=MOST_ROWS,
            half_life=self.config.half_life_periods,
            seed=self.seed,
        )
        target = prepared.y[i, t + k - 1] / prepared.level[i, t]
        self._fit_kind("period", self.features.rows(prepared, i, t, k), target, weight)
        mean = _mean_ahead(prepared, i, t, k) / prepared.level[i, t]
        known = ~np.isnan(mean)
        rows = self.features.sum_rows(prepared, i[known], t[known], k[known])
        self._fit_kind("sum", rows, mean[known], weight[known])
        return self

    def _fit_kind(self, kind: str, rows: dict[str, Array], target: Array, weight: Array) -> None:
        """Fit one LightGBM quantile model per level, of periods or of sums, unless there are too few rows."""
        import lightgbm

        if len(target) < LEAST_ROWS or not target.any():
            return
        self.names_[kind] = list(rows)
        data = lightgbm.Dataset(
            feature_matrix(rows, self.names_[kind]),
            target,
            weight=weight,
            free_raw_data=False,
            params={"max_bin": PARAMS["max_bin"], "verbose": -1},
        )
        chosen = self.config.model_dump(
            include={"num_leaves", "min_data_in_leaf", "feature_fraction", "lambda_l2"}
        )
        params = PARAMS | chosen | {"learning_rate": LEARNING_RATE, "seed": self.seed}
        self.texts_[kind] = [
            tree_text(lightgbm.train(params | {"alpha": level}, data, ROUNDS).model_to_string())
            for level in BOOSTED_LEVELS
        ]

    def quantiles(self, panel: Panel, h: int) -> tuple[Float32Array, Float32Array]:
        """Boosted quantiles at `BOOSTED_LEVELS` of the next h periods and of the sums of the first k, (n, h, A).

        NaN without a model.
        """
        nothing = np.full((len(panel), h, len(BOOSTED_LEVELS)), np.nan, np.float32)
        if not self.texts_:
            return nothing, nothing.copy()
        prepared = self.features.prepare(panel)
        period, total = (
            self._predicted(kind, prepared, h) if kind in self.texts_ else nothing for kind in KINDS
        )
        return period, total

    def _predicted(self, kind: str, prepared: PreparedPanel, h: int) -> Float32Array:
        """Boosted quantiles of periods or of sums, (n, h, A), in units of demand, rising in the level."""
        import lightgbm

        n = len(prepared.panel)
        result = np.full((n, h, len(BOOSTED_LEVELS)), np.nan, np.float32)
        boosters = [lightgbm.Booster(model_str=text) for text in self.texts_[kind]]
        feature_rows = self.features.rows if kind == "period" else self.features.sum_rows
        for part, i, t, k in forecast_rows(n, h, prepared.panel.periods):
            X = feature_matrix(feature_rows(prepared, i, t, k), self.names_[kind])
            relative = np.stack([b.predict(X, num_threads=self.threads) for b in boosters], axis=1)
            size = prepared.level[i, t] * (k if kind == "sum" else 1)
            values = np.maximum.accumulate(np.maximum(relative, 0.0), axis=1) * size[:, None]
            result[part] = values.reshape(-1, h, len(BOOSTED_LEVELS))
        return result

    def save(self, folder: Path) -> None:
        """Write the quantile boosting: the trees of each level and kind, if any, and `quantile_boosting.json`."""
        state = {"names": self.names_, "features": self.features.to_json() if self.names_ else None}
        (folder / f"{NAME}.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        for kind, texts in self.texts_.items():
            for level, text in zip(BOOSTED_LEVELS, texts, strict=True):
                (folder / f"{NAME}_{kind}_{level:.2f}.txt").write_text(text, encoding="utf-8")

    def restore(self, folder: Path) -> Self:
        """Read the quantile boosting as `save` wrote it."""
        state = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        self.names_ = state["names"]
        if self.names_:
            self.features.from_json(state["features"])
        self.texts_ = {
            kind: [
                (folder / f"{NAME}_{kind}_{level:.2f}.txt").read_text(encoding="utf-8")
                for level in BOOSTED_LEVELS
            ]
            for kind in self.names_
        }
        return self


def _mean_ahead(prepared: PreparedPanel, i: Indices, t: Indices, k: Indices) -> Array:
    """Demand that the quantile boosting of sums learns: mean of the k periods after t, (R,); NaN if few are known."""
    y = prepared.prefix_sums["y"]
    known = y.count[i, t + k] - y.count[i, t]
    return np.where(known >= LEAST_KNOWN * k, y.mean(i, t, t + k), np.nan)

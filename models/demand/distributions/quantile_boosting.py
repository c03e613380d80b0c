"""Boosted quantiles of the demand of a period and of the first k periods together."""

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from configs.schema import BoostingConfig
from features.demand.panel import Array, Panel
from features.demand.rows import DemandFeatures, PreparedPanel
from models.demand.members.training_rows import Codes, ahead, draw, matrix, trees

Single = NDArray[np.float32]

KNOTS: Array = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
"""Levels learned; what lies between and beyond follows the calibrated distribution they bend."""

ROWS, ROUNDS, RATE = 40_000, 80, 0.1
"""Rows, trees and learning rate: half as much again of each gains less than 0.5 % of pinball loss."""

LEAST = 5_000
"""Rows below which there is no model: an outer quantile would rest on fewer than 250 of them."""

OBSERVED = 0.8
"""Share of the periods of a sum that must be known for it to teach."""

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
    """One LightGBM model per level of `KNOTS`, for periods and for sums, on demand relative to each SKU's level.

    It sees what a spread learned from forecast errors does not: that promoted, sporadic or new SKUs err in shapes of
    their own.
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
        """Learn from all origins of the panel; a panel without usable rows leaves no model."""
        self.features.learn(panel)
        p = self.features.prepare(panel)
        i, t, k, weight = draw(
            p, self.features.h, self.features.season,
            rows=ROWS, half_life=self.config.half_life_periods, seed=self.seed,
        )  # fmt: skip
        target = p.y[i, t + k - 1] / p.level[i, t]
        self._fit("period", self.features.rows(p, i, t, k), target, weight)
        mean = _mean_ahead(p, i, t, k) / p.level[i, t]
        known = ~np.isnan(mean)
        rows = self.features.sum_rows(p, i[known], t[known], k[known])
        self._fit("sum", rows, mean[known], weight[known])
        return self

    def _fit(self, kind: str, rows: dict[str, Array], target: Array, weight: Array) -> None:
        import lightgbm

        if len(target) < LEAST or not target.any():
            return
        self.names_[kind] = list(rows)
        data = lightgbm.Dataset(
            matrix(rows, self.names_[kind]),
            target,
            weight=weight,
            free_raw_data=False,
            params={"max_bin": PARAMS["max_bin"], "verbose": -1},
        )
        chosen = self.config.model_dump(
            include={"num_leaves", "min_data_in_leaf", "feature_fraction", "lambda_l2"}
        )
        params = PARAMS | chosen | {"learning_rate": RATE, "seed": self.seed}
        self.texts_[kind] = [
            trees(lightgbm.train(params | {"alpha": level}, data, ROUNDS).model_to_string())
            for level in KNOTS
        ]

    def quantiles(self, panel: Panel, h: int) -> tuple[Single, Single]:
        """Quantiles at `KNOTS` of the next h periods and of the sums of the first k, (n, h, A); NaN without a model."""
        nothing = np.full((len(panel), h, len(KNOTS)), np.nan, np.float32)
        if not self.texts_:
            return nothing, nothing.copy()
        p = self.features.prepare(panel)
        period, total = (self._ask(kind, p, h) if kind in self.texts_ else nothing for kind in KINDS)
        return period, total

    def _ask(self, kind: str, p: PreparedPanel, h: int) -> Single:
        import lightgbm

        n = len(p.panel)
        result = np.full((n, h, len(KNOTS)), np.nan, np.float32)
        boosters = [lightgbm.Booster(model_str=text) for text in self.texts_[kind]]
        make = self.features.rows if kind == "period" else self.features.sum_rows
        for part, i, t, k in ahead(n, h, p.panel.periods):
            X = matrix(make(p, i, t, k), self.names_[kind])
            relative = np.stack([b.predict(X, num_threads=self.threads) for b in boosters], axis=1)
            size = p.level[i, t] * (k if kind == "sum" else 1)
            values = np.maximum.accumulate(np.maximum(relative, 0.0), axis=1) * size[:, None]
            result[part] = values.reshape(-1, h, len(KNOTS))
        return result

    def save(self, folder: Path) -> None:
        """Write the trees of each level and kind, if any, and `quantile_boosting.json`."""
        state = {"names": self.names_, "features": self.features.to_json() if self.names_ else None}
        (folder / f"{NAME}.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        for kind, texts in self.texts_.items():
            for level, text in zip(KNOTS, texts, strict=True):
                (folder / f"{NAME}_{kind}_{level:.2f}.txt").write_text(text, encoding="utf-8")

    def restore(self, folder: Path) -> Self:
        """Read what `save` wrote."""
        state = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        self.names_ = state["names"]
        if self.names_:
            self.features.from_json(state["features"])
        self.texts_ = {
            kind: [(folder / f"{NAME}_{kind}_{level:.2f}.txt").read_text(encoding="utf-8") for level in KNOTS]
            for kind in self.names_
        }
        return self


def _mean_ahead(p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> Array:
    """Mean demand of the k periods after t, (R,); NaN where too few of them are known."""
    y = p.running["y"]
    known = y.count[i, t + k] - y.count[i, t]
    return np.where(known >= OBSERVED * k, y.mean(i, t, t + k), np.nan)

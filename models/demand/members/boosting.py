"""Boosting member: one global LightGBM (Tweedie) model of expected demand over all SKUs and all steps ahead."""

import json
from pathlib import Path
from typing import Any, Self

import numpy as np

from configs.schema import BoostingConfig
from features.demand.feature_rows.demand_features import DemandFeatures
from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array, Panel
from features.demand.typical_level import without_outliers
from models.demand.members.training_rows import Indices, draw_training_rows, feature_matrix, forecast_rows

MOST_ROWS = 150_000
"""Training rows at most: beyond this they are drawn, recent ones more often."""

HIGHEST_TARGET = 100.0
"""Demand is learned up to so many times the SKU's own level: a deep promotion of a small seller is 50 times."""

PARAMS: dict[str, Any] = {
    "objective": "tweedie",
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "cat_smooth": 500,  # categories learned by heart cost 10 % of squared error of large sellers on VN2
    "cat_l2": 200,
    "max_cat_threshold": 4,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # two that wait passively for each other take as long: windows are fitted side by side instead
    "verbose": -1,
}


class Boosting:
    """Tweedie boosting of demand relative to each SKU's own level, direct, with the step ahead as a feature.

    Censored and missing periods are no training rows. Rows weigh by √level, in the SKU's demand unit (large sellers a
    bit more), and half as much for every half-life of age.
    """

    def __init__(
        self,
        season: int,
        h: int,
        config: BoostingConfig,
        *,
        seed: int = 0,
        threads: int = 2,
    ) -> None:
        self.features = DemandFeatures(season, h)
        self.config = config
        self.seed = seed
        self.threads = threads
        self.text_: str | None = None
        self.names_: list[str] = []

    def fit(self, panel: Panel) -> Self:
        """Fit the LightGBM trees on all origins of the panel; a panel without usable rows leaves no model."""
        import lightgbm

        self.features.learn(panel)
        prepared = self.prepare(panel)
        i, t, k, weight = self._training_rows(prepared)
        scale = prepared.level[i, t]
        target = np.minimum(prepared.y[i, t + k - 1] / scale, HIGHEST_TARGET)
        if len(i) < 2 * self.config.min_data_in_leaf or not target.any():
            return self
        rows = self.features.rows(prepared, i, t, k)
        self.names_ = list(rows)
        data = lightgbm.Dataset(
            feature_matrix(rows, self.names_),
            target,
            weight=weight * _size_weights(prepared, i, t),
            categorical_feature=[j for j, name in enumerate(self.names_) if name.startswith("static_")],
        )
        booster = lightgbm.train(self._lightgbm_params(), data, self.config.rounds)
        self.text_ = tree_text(booster.model_to_string())
        return self

    def _training_rows(self, prepared: PreparedPanel) -> tuple[Indices, Indices, Indices, Array]:
        """SKU, periods seen, step ahead and weight of the rows to learn from, (R,) each."""
        return draw_training_rows(
            prepared,
            self.features.h,
            self.features.season,
            rows=MOST_ROWS,
            half_life=self.config.half_life_periods,
            seed=self.seed,
        )

    def _lightgbm_params(self) -> dict[str, Any]:
        """LightGBM parameters: the fixed ones and those of the config."""
        chosen = self.config.model_dump(exclude={"rounds", "variance_power", "half_life_periods"})
        power = self.config.variance_power
        return PARAMS | chosen | {"tweedie_variance_power": power, "seed": self.seed}

    def prepare(self, panel: Panel) -> PreparedPanel:
        """What the boosting's features of a panel are looked up from."""
        return self.features.prepare(panel)

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods by the boosting, (n, h); NaN without a model."""
        if self.text_ is None:
            return np.full((len(panel), h), np.nan)
        return self.mean_of_prepared(self.prepare(panel), h)

    def mean_of_prepared(self, prepared: PreparedPanel, h: int) -> Array:
        """Expected demand of the next h periods from what `prepare` made of the panel, (n, h); NaN without a model."""
        n, periods = len(prepared.panel), prepared.panel.periods
        if self.text_ is None:
            return np.full((n, h), np.nan)
        import lightgbm

        booster = lightgbm.Booster(model_str=self.text_)
        result = np.empty((n, h))
        for part, i, t, k in forecast_rows(n, h, periods):
            X = feature_matrix(self.features.rows(prepared, i, t, k), self.names_)
            relative = booster.predict(X, num_threads=self.threads)
            result[part] = (relative * prepared.level[i, t]).reshape(-1, h)
        return result

    def save(self, folder: Path) -> None:
        """Write the boosting: `boosting.txt` (the trees, if any) and `boosting.json`."""
        state = {"names": self.names_, "features": self.features.to_json()}
        (folder / "boosting.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        if self.text_ is not None:
            (folder / "boosting.txt").write_text(self.text_, encoding="utf-8")

    def restore(self, folder: Path) -> Self:
        """Read the boosting as `save` wrote it."""
        state = json.loads((folder / "boosting.json").read_text(encoding="utf-8"))
        self.names_ = state["names"]
        self.features.from_json(state["features"])
        trees = folder / "boosting.txt"
        self.text_ = trees.read_text(encoding="utf-8") if trees.exists() else None
        return self


def _size_weights(prepared: PreparedPanel, i: Indices, t: Indices) -> Array:
    """Weights of boosting rows, (R,), mean 1: √level, counted in the SKU's demand unit and with outliers brought in."""
    cap = without_outliers(prepared.level[:, -1] / prepared.unit).max(initial=0.0)
    root = np.sqrt(np.minimum(prepared.level[i, t] / prepared.unit[i], cap))
    return np.asarray(root / max(float(root.mean()), 1e-9))


def tree_text(text: str) -> str:
    """Text of a boosting's LightGBM trees without the thread count: the same trees are stored as the same bytes."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("[num_threads"))

"""One LightGBM model over all SKUs and all steps ahead."""

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.demand import DemandFeatures, Prepared
from features.panel import Array, Panel
from models.config import BoostingConfig

ROWS = 150_000
"""Training rows at most: beyond this they are drawn, recent ones more often."""

STEPS = 8
"""Steps ahead taken from one origin; which ones rotates with the origin."""

CHUNK = 200_000
"""Rows forecast at once."""

CLIP = 30.0
"""Demand above so many times the SKU's own level teaches the level 30."""

PARAMS: dict[str, Any] = {
    "objective": "tweedie",
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "cat_smooth": 500,  # categories learned by heart cost 10 % of squared error of large sellers on VN2
    "cat_l2": 200,
    "max_cat_threshold": 4,
    "max_bin": 127,
    "deterministic": True,  # with force_row_wise: the same bits with one thread or two
    "force_row_wise": True,
    "verbose": -1,
}


class Boosting:
    """Tweedie boosting of demand relative to each SKU's own level, direct, with the step ahead as a feature.

    Censored and missing periods are no training rows. Rows weigh by √level (large sellers a bit more) and half as
    much for every half-life of age.
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
        """Learn from all origins of the panel; a panel without usable rows leaves no model."""
        import lightgbm

        self.features.learn(panel)
        prepared = self.features.prepare(panel)
        i, t, k, weight = self._draw(prepared)
        scale = prepared.level[i, t]
        target = np.minimum(prepared.y[i, t + k - 1] / scale, CLIP)
        if len(i) < 2 * self.config.min_data_in_leaf or not target.any():
            return self
        rows = self.features.rows(prepared, i, t, k)
        self.names_ = list(rows)
        data = lightgbm.Dataset(
            _matrix(rows, self.names_),
            target,
            weight=weight * np.sqrt(scale) / np.sqrt(scale).mean(),
            categorical_feature=[j for j, name in enumerate(self.names_) if name.startswith("static_")],
        )
        text = lightgbm.train(self._params(), data, self.config.rounds).model_to_string()
        # the number of threads is written into the text, and would make it differ where the model does not
        self.text_ = "\n".join(line for line in text.splitlines() if not line.startswith("[num_threads"))
        return self

    def _params(self) -> dict[str, Any]:
        chosen = self.config.model_dump(exclude={"rounds", "variance_power", "half_life_periods"})
        power = self.config.variance_power
        return PARAMS | chosen | {
            "tweedie_variance_power": power, "seed": self.seed, "num_threads": self.threads,
        }  # fmt: skip

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods, (n, h); NaN without a model."""
        n = len(panel)
        if self.text_ is None:
            return np.full((n, h), np.nan)
        import lightgbm

        booster = lightgbm.Booster(model_str=self.text_)
        prepared = self.features.prepare(panel)
        result = np.empty((n, h))
        for part in np.array_split(np.arange(n), max(1, -(-n * h // CHUNK))):
            i, k = np.repeat(part, h), np.tile(np.arange(1, h + 1), len(part))
            t = np.full(len(i), panel.periods)
            X = _matrix(self.features.rows(prepared, i, t, k), self.names_)
            relative = booster.predict(X, num_threads=self.threads)
            result[part] = (relative * prepared.level[i, t]).reshape(-1, h)
        return result

    def save(self, folder: Path) -> None:
        """Write `boosting.txt` (the trees, if any) and `boosting.json`."""
        state = {"names": self.names_, "features": self.features.to_json()}
        (folder / "boosting.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        if self.text_ is not None:
            (folder / "boosting.txt").write_text(self.text_, encoding="utf-8")

    def restore(self, folder: Path) -> Self:
        """Read what `save` wrote."""
        state = json.loads((folder / "boosting.json").read_text(encoding="utf-8"))
        self.names_ = state["names"]
        self.features.from_json(state["features"])
        trees = folder / "boosting.txt"
        self.text_ = trees.read_text(encoding="utf-8") if trees.exists() else None
        return self

    def _draw(self, p: Prepared) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Array]:
        """Training rows: SKU, periods seen, step ahead, weight."""
        periods, h = p.panel.periods, self.features.h
        first = self.features.season if periods > 2 * self.features.season else min(4, periods // 2)
        t, k = _grid(first, periods, h)
        weight = 0.5 ** ((periods - t - k) / self.config.half_life_periods)
        share = _shares(weight, len(p.panel), ROWS)
        rng = np.random.default_rng(self.seed)
        taken = rng.random((len(t), len(p.panel))) < share[:, None]
        taken &= ~np.isnan(p.y[:, t + k - 1].T) & (p.running["y"].count[:, t].T > 0)
        at, i = np.nonzero(taken)
        return i, t[at], k[at], (weight / share)[at]


def _grid(first: int, periods: int, h: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of periods seen and step ahead inside the panel, at most `STEPS` steps per origin."""
    t, j = np.meshgrid(np.arange(first, periods), np.arange(min(h, STEPS)), indexing="ij")
    k = 1 + (t + j * max(h, STEPS) // STEPS) % h
    inside = t + k <= periods
    return t[inside], k[inside]


def _shares(weight: Array, n: int, rows: int) -> Array:
    """Share of the n SKUs drawn at each grid point, ∝ weight, at most 1, `rows` rows in all."""
    share = np.ones_like(weight)
    for _ in range(20):
        if share.sum() * n <= rows:
            break
        free = share < 1 if (share < 1).any() else share > 0
        rest = max(rows / n - (~free).sum(), 1e-9)
        share = np.where(free, np.minimum(weight * rest / weight[free].sum(), 1.0), share)
    return share


def _matrix(rows: dict[str, Array], names: list[str]) -> NDArray[np.float32]:
    """Columns in the order of `names`; a feature that the panel does not have is missing."""
    size = len(next(iter(rows.values())))
    result = np.full((size, len(names)), np.nan, np.float32)
    for j, name in enumerate(names):
        if name in rows:
            result[:, j] = rows[name]
    return result

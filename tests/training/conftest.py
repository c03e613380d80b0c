"""Small models with the real protocols, so that a training run takes no time."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config
from database.settings import Settings
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS, LEAD_TIME_LEVELS
from features.demand.panel import Panel
from models.demand.backtest.demand_backtest import DemandBacktest
from training.model_factories import ModelFactories


class MeanForecaster:
    """Expects the mean of the past, give or take its spread, in every period; `bias` makes it worse."""

    def __init__(self, h: int, bias: float = 0.0) -> None:
        self.h, self.bias = h, bias
        self.cutoffs_seen: list[pd.Timestamp] = []

    def fit(self, panel: Panel) -> Self:
        self.cutoffs_seen.append(panel.cutoff)
        self.per_series_ = pd.DataFrame(
            {"unique_id": panel.unique_ids, "demand_class": "smooth", "reason": ""}
        )
        self.backtest_ = self._backtest(panel)
        return self

    def predict(self, panel: Panel, h: int) -> DemandForecast:
        y = np.where(panel.in_stock, panel.y, np.nan)
        known = ~np.isnan(y)
        level = np.nansum(y, axis=1) / np.maximum(known.sum(axis=1), 1) + self.bias
        spread = np.sqrt(np.maximum(level, 0.0))
        z = np.linspace(-2.5, 2.5, len(DEMAND_LEVELS))
        k = np.arange(1, h + 1)
        n = len(panel)
        mean = np.repeat(level[:, None], h, axis=1)
        period = np.maximum(level[:, None, None] + spread[:, None, None] * z, 0) * np.ones((1, h, 1))
        sums = level[:, None, None] * k[:, None] + (spread[:, None] * np.sqrt(k))[:, :, None] * z
        return DemandForecast(
            panel.unique_ids, panel.cutoff, panel.future(h), DEMAND_LEVELS, mean, period, np.cumsum(mean, 1),
            np.maximum(sums, 0), np.full(n, "smooth", object), np.full(n, "", object),
        )  # fmt: skip

    def save(self, folder: Path) -> None:
        (folder / "mean.json").write_text(json.dumps({"h": self.h, "bias": self.bias}))

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(**json.loads((folder / "mean.json").read_text()))

    def _backtest(self, panel: Panel) -> DemandBacktest:
        """Origins one and two horizons before the end."""
        at = np.array([t for t in (panel.periods - 2 * self.h, panel.periods - self.h) if t > 2])
        past = [self.predict(panel.until(int(t)), self.h) for t in at]
        y = np.array([panel.y[:, t : t + self.h] for t in at])

        def stack(name: str) -> Any:
            return np.array([getattr(forecast, name) for forecast in past])

        return DemandBacktest(
            unique_ids=panel.unique_ids, cutoffs=panel.ds[at - 1], starts=stack("starts"), window=np.arange(len(at)),
            y=y, in_stock=np.ones(y.shape, bool), sold=y, demand_class=stack("demand_class"), mean=stack("mean"),
            quantiles=stack("quantiles"), cumulative_mean=stack("cumulative_mean"), cumulative=stack("cumulative"),
            members={},
        )  # fmt: skip


class PastLeadTimes:
    """Every order takes as long as one of the closed orders it was fitted on."""

    def fit(self, orders: pd.DataFrame) -> Self:
        closed = orders["lead_time"].dropna()
        self.days_ = (
            np.quantile(closed, LEAD_TIME_LEVELS) if len(closed) else np.full(len(LEAD_TIME_LEVELS), 7.0)
        )
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        return Distribution(LEAD_TIME_LEVELS, np.tile(self.days_, (len(orders), 1)))

    def save(self, folder: Path) -> None:
        (folder / "days.json").write_text(json.dumps(self.days_.tolist()))

    @classmethod
    def load(cls, folder: Path) -> Self:
        model = cls()
        model.days_ = np.array(json.loads((folder / "days.json").read_text()))
        return model


@pytest.fixture(scope="session")
def make_factories() -> Callable[..., ModelFactories]:
    """Factories of small models; `bias` units too much make the demand model worse, `fitted` collects the models."""

    def make(bias: float = 0.0, fitted: list[Any] | None = None) -> ModelFactories:
        def demand(config: Config, h: int) -> MeanForecaster:
            model = MeanForecaster(h, bias)
            if fitted is not None:
                fitted.append(model)
            return model

        return ModelFactories(demand, lambda config, supplier_calendar: PastLeadTimes(), MeanForecaster.load)

    return make


@pytest.fixture(scope="session")
def _mlflow_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables, made once: that takes seconds."""
    from training.registry.mlflow_registry import MlflowRegistry

    folder = tmp_path_factory.mktemp("mlflow")
    MlflowRegistry(f"sqlite:///{folder / 'mlflow.db'}").versions()
    return folder / "mlflow.db"


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory, _mlflow_template: Path) -> Callable[[], Settings]:
    """Make homes with MLflow's tables in them."""

    def make() -> Settings:
        home = tmp_path_factory.mktemp("home")
        shutil.copy(_mlflow_template, home / "mlflow.db")
        return Settings(home=home, database_url="", tracking_uri="")

    return make


@pytest.fixture
def settings(new_home: Callable[[], Settings]) -> Settings:
    """A home for one test."""
    return new_home()

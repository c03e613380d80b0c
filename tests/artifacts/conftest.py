import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from homes import home, planned_home, trained_home  # noqa: F401 -- fixtures

from artifacts.bundle_contents import BundleContents, write_bundle
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from planning.policy.order_rules import OrderRules


@pytest.fixture
def forecast() -> DemandForecast:
    n, h = 3, 4
    rng = np.random.default_rng(1)
    period = np.sort(rng.gamma(2, 5, (n, h, len(DEMAND_LEVELS))), axis=2)
    return DemandForecast(
        unique_ids=np.array([f"sku{i}" for i in range(n)], object),
        cutoff=pd.Timestamp("2024-01-01"),
        starts=pd.date_range("2024-01-08", periods=h + 1, freq="W-MON").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=period.mean(axis=2),
        quantiles=period,
        cumulative_mean=np.cumsum(period.mean(axis=2), axis=1),
        cumulative=np.cumsum(period, axis=1),
        demand_class=np.array(["smooth", "lumpy", "dead"][:n], object),
        reason=np.array(["", "short_history", "dead"][:n], object),
    )


class FakeModel:
    """A model whose whole state is a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def save(self, folder: Path) -> None:
        (folder / "model.json").write_text(json.dumps(self.text))


@pytest.fixture
def contents(forecast: DemandForecast) -> BundleContents:
    return BundleContents(
        demand=FakeModel("demand"),
        lead_time=FakeModel("lead time"),
        forecast=forecast,
        rules=OrderRules({"lumpy": -0.5}),
        config={"name": "test"},
        info={"as_of": "2024-01-08", "cutoff": "2024-01-01"},
        metrics={"decision_cost": 1.5},
        per_series=pd.DataFrame({"unique_id": ["sku0"], "mase": [0.9]}),
    )


@pytest.fixture
def folder(contents: BundleContents, tmp_path: Path) -> Path:
    write_bundle(tmp_path / "bundle", contents)
    return tmp_path / "bundle"

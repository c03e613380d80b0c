"""Homes with a champion and a plan: real lead-time model and planner, a demand forecast made by hand."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from artifacts.bundle_contents import BundleContents, write_bundle
from artifacts.bundle_store import publish
from configs.schema import DataConfig
from database import ledger
from database.engine import open_engine
from database.migrate import upgrade
from database.settings import Settings
from database.sources.load_tables import load_tables
from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.panel_from_tables import make_panel
from features.orders.order_history import order_history
from features.quality.fingerprint import fingerprint, panel_fingerprint
from jobs.plan import run_plan
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_calibration import GroupCalibration
from models.demand.groups.typical_error import TypicalError
from models.lead_time.forecaster import LeadTimeForecaster
from planning.policy.order_rules import OrderRules

HORIZON = 10


class StoredForecastOnly:
    """A demand model that saves only a placeholder: the stored forecast is what is served."""

    def save(self, folder: Path) -> None:
        (folder / "nothing.json").write_text("{}")


def forecast_of(panel) -> DemandForecast:
    mean = np.repeat(np.nanmean(panel.y[:, -8:], axis=1)[:, None], HORIZON, axis=1)
    cumulative_mean = np.cumsum(mean, axis=1)
    return DemandForecast(
        unique_ids=panel.unique_ids,
        cutoff=panel.cutoff,
        starts=panel.future(HORIZON),
        levels=DEMAND_LEVELS,
        mean=mean,
        quantiles=poisson.ppf(DEMAND_LEVELS, mean[..., None]).astype(float),
        cumulative_mean=cumulative_mean,
        cumulative=poisson.ppf(DEMAND_LEVELS, cumulative_mean[..., None]).astype(float),
        demand_class=np.full(len(panel), "smooth", object),
        reason=np.full(len(panel), "", object),
    )


def explanation_of(forecast: DemandForecast) -> Explanation:
    """A promotion in the third period of every SKU but the first; a season, and a price that is as usual."""
    promotion = np.zeros_like(forecast.mean)
    promotion[1:, 2] = 0.3 * forecast.mean[1:, 2]
    season = -0.1 * forecast.mean
    level = forecast.mean - promotion - season
    units = np.stack([level, np.zeros_like(level), season, promotion, np.zeros_like(level)], axis=2)
    names = ("level", "trend", "season", "promotion", "shelf_price")
    return Explanation(forecast.unique_ids, forecast.starts, names, units)


def scores_of(classes: tuple[str, ...]) -> pd.DataFrame:
    """A backtest whose 5 % quantile held 7.3 % of outcomes, and whose others were right."""
    facts = {"n": 480.0, "wql": 0.21, "bias": -0.01, "coverage_90": 0.91, "value_added": 0.25}
    shares = {f"q{level:.2f}": level for level in BACKTEST_LEVELS} | {"q0.05": 0.073}
    keys = [(sums, name, k) for sums in (False, True) for name in classes for k in (0, 1, 2)]
    return pd.DataFrame(
        [{"sums": sums, "demand_class": name, "k": k, **facts, **shares} for sums, name, k in keys]
    )


def make_bundle(company: Path, home: Path, *, seed: int = 0) -> str:
    """Publish a bundle of the company's data and return its hash."""
    data = DataConfig(freq="W-MON")
    checked = load_tables(str(company), data)
    panel = make_panel(checked.tables, data, horizon=HORIZON)
    orders = order_history(checked.tables, checked.as_of)
    forecast = forecast_of(panel)
    groups = GroupCalibration(None, None, TypicalError(0.0, 0.0), {})
    contents = BundleContents(
        demand=StoredForecastOnly(),
        lead_time=LeadTimeForecaster(seed=seed).fit(orders),
        forecast=forecast,
        explanation=explanation_of(forecast),
        groups=groups,
        group_forecast=groups.predict(panel, forecast),
        rules=OrderRules(),
        config={
            "name": "company",
            "currency": "EUR",
            "seed": seed,
            "data": data.model_dump(mode="json"),
            "policy": {},
        },
        info={
            "fingerprint": fingerprint(checked.tables),
            "panel_fingerprint": panel_fingerprint(panel),
            "as_of": str(checked.as_of.date()),
            "cutoff": str(panel.cutoff.date()),
            "freq": "W-MON",
            "horizon": HORIZON,
            "notice": "Simulated suppliers.",
            "series": len(panel),
            "versions": {"purvey": "0.1.0"},
        },
        metrics={
            "demand.wql": 0.21,
            "demand.bias": -0.01,
            "demand.class.smooth.coverage_90": 0.91,
            "decision_cost": 12.5,
        },
        scores=scores_of(("", "smooth")),
        per_series=pd.DataFrame({"unique_id": panel.unique_ids, "demand_class": "smooth", "mase": 0.8}),
    )
    staging = home / f"staging-{seed}"
    bundle_hash = write_bundle(staging, contents)
    publish(staging, home / "bundles")
    shutil.rmtree(staging)
    return bundle_hash


def promote(home: Path, bundle_hash: str, version: str = "1") -> None:
    """Make the bundle champion."""
    engine = open_engine(Settings(home=home).state_url)
    entry = ledger.LedgerEntry(
        bundle_hash, version, "promote", who="ada", why="first model", metrics={"demand.wql": 0.21}
    )
    ledger.append(engine, entry)
    engine.dispose()


@pytest.fixture(scope="session")
def trained_home(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a champion and no plan. Not to be written to: copy it."""
    home = tmp_path_factory.mktemp("trained")
    upgrade(Settings(home=home).state_url)
    promote(home, make_bundle(company, home))
    return home


@pytest.fixture(scope="session")
def planned_home(trained_home: Path, company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a champion and a plan. Not to be written to: copy it."""
    home = tmp_path_factory.mktemp("planned") / "home"
    shutil.copytree(trained_home, home)
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    return home


@pytest.fixture
def home(planned_home: Path, tmp_path: Path) -> Path:
    """A copy of the planned home, to be written to."""
    shutil.copytree(planned_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="session")
def maker() -> SimpleNamespace:
    """The functions that make bundles and champions, for tests that need more of them."""
    return SimpleNamespace(make_bundle=make_bundle, promote=promote)

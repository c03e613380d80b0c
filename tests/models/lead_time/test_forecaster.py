"""The lead-time forecaster: the source of each lead time, drift, shrinkage and missing covariates."""

import numpy as np
import pandas as pd
import pytest

from configs.schema import LeadTimeConfig
from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evaluation.backtest import sample_suppliers
from models.lead_time.evaluation.half_lives import supplier_half_lives
from models.lead_time.evaluation.mixture import with_tail
from models.lead_time.forecaster import LeadTimeForecaster


def supplier(
    name: str, days: np.ndarray, *, contract: float = np.nan, first: str = "2022-01-01", apart: int = 3
) -> pd.DataFrame:
    at = pd.Timestamp(first) + pd.to_timedelta(apart * np.arange(len(days)), "D")
    return pd.DataFrame(
        {
            "supplier_id": name,
            "unique_id": "a",
            "category": "c",
            "ordered_at": at,
            "quantity_ordered": 10.0,
            "unit_price": 1.0,
            "is_open": False,
            "duration": np.asarray(days, float),
            "contract_days": contract,
        }
    )


def noise(center: float, orders: int, seed: int = 0, spread: float = 0.25) -> np.ndarray:
    return np.round(center * np.exp(spread * np.random.default_rng(seed).standard_normal(orders)), 1)


def request(name: str, contract: float = np.nan) -> pd.DataFrame:
    return supplier(name, np.zeros(1), contract=contract, first="2024-01-01")


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    return pd.concat(
        [
            supplier("quick", noise(10, 150), contract=10),
            supplier("slow", noise(45, 150, 1), contract=30),
            supplier("middling", noise(24, 150, 2), contract=20),
            supplier("held", np.where(np.arange(150) % 4 == 0, 60.0, 12.0) + noise(1, 150, 3)),
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def learned(history: pd.DataFrame) -> LeadTimeForecaster:
    return LeadTimeForecaster().fit(history)


def test_a_known_supplier_gets_its_own_lead_time(learned: LeadTimeForecaster) -> None:
    for name, median in (("quick", 10), ("slow", 45)):
        assert learned.predict(request(name)).quantile(0.5)[0] == pytest.approx(median, rel=0.12)
        described = learned.describe(request(name)).iloc[0]
        assert described["source"] == "learned"
        assert described["n_orders"] == 150


def test_a_supplier_with_two_modes_keeps_them(learned: LeadTimeForecaster) -> None:
    held = learned.predict(request("held"))
    between = held.cdf(50.0)[0] - held.cdf(20.0)[0]
    assert between < 0.1
    assert held.cdf(50.0)[0] == pytest.approx(0.75, abs=0.1)


def test_a_supplier_without_history_gets_its_contract_as_others_keep_theirs(
    learned: LeadTimeForecaster,
) -> None:
    forecast = learned.predict(request("new", contract=100))
    assert learned.describe(request("new", contract=100))["source"].tolist() == ["contract"]
    assert forecast.quantile(0.05)[0] < 100 < forecast.quantile(0.5)[0] < 160


def test_a_supplier_without_history_and_contract_is_pooled(learned: LeadTimeForecaster) -> None:
    assert learned.describe(request("new"))["source"].tolist() == ["pooled"]
    assert 10 < learned.predict(request("new")).quantile(0.5)[0] < 45


def test_without_any_order_the_source_is_unknown(history: pd.DataFrame) -> None:
    model = LeadTimeForecaster().fit(history.iloc[:0])
    assert model.describe(request("quick"))["source"].tolist() == ["unknown"]


def test_the_config_takes_contracts_as_certain(history: pd.DataFrame) -> None:
    model = LeadTimeForecaster(LeadTimeConfig(source="contract")).fit(history)
    forecast = model.predict(request("quick", contract=14))
    np.testing.assert_array_equal(forecast.values, 14.0)
    assert model.describe(request("quick", contract=14))["source"].tolist() == ["contract"]


def test_three_orders_move_a_supplier_part_of_the_way(history: pd.DataFrame) -> None:
    few = supplier("few", np.array([80.0, 85.0, 90.0]), first="2023-01-01")
    model = LeadTimeForecaster().fit(pd.concat([history, few], ignore_index=True))
    pooled = model.predict(request("new")).mean()[0]
    assert pooled + 5 < model.predict(request("few")).mean()[0] < 80


def test_an_order_older_than_all_seen_is_late_by_more_than_a_minute() -> None:
    steady = np.full((1, len(LEAD_TIME_LEVELS)), 14.0)
    overdue = Distribution(LEAD_TIME_LEVELS, with_tail(steady)).above(40.0)
    assert overdue.mean()[0] == pytest.approx(41.4, abs=0.1)


def test_a_supplier_that_drifts_is_remembered_for_a_shorter_time() -> None:
    eroding = noise(1, 300, 4) * np.linspace(15, 45, 300)
    orders = pd.concat(
        [supplier("eroding", eroding), supplier("steady", noise(20, 300, 5))], ignore_index=True
    )
    half_lives = supplier_half_lives(orders.sort_values("ordered_at", ignore_index=True), 365.0)
    assert half_lives.index.tolist() == ["eroding"]
    assert half_lives["eroding"] < 365


def test_an_eroding_supplier_is_forecast_near_where_it_is_now() -> None:
    eroding = noise(1, 300, 4) * np.linspace(15, 45, 300)
    orders = pd.concat(
        [supplier("eroding", eroding), supplier("steady", noise(20, 300, 5))], ignore_index=True
    )
    model = LeadTimeForecaster().fit(orders)
    assert model.predict(request("eroding")).quantile(0.5)[0] > 38


def test_a_long_history_is_compared_on_whole_suppliers() -> None:
    counts = np.full(300, 100)
    orders = pd.DataFrame({"supplier_id": np.repeat(np.arange(300), counts).astype(str)})
    orders["ordered_at"] = pd.Timestamp("2024-01-01")
    sample = sample_suppliers(orders, seed=1)
    assert len(sample) == 20_000
    assert set(sample["supplier_id"].value_counts()) == {100}


def test_a_request_that_leaves_out_the_mode_is_answered_for_the_usual_one(history: pd.DataFrame) -> None:
    modes = history["supplier_id"].map({"quick": "air", "held": "air"}).fillna("sea").astype(object)
    model = LeadTimeForecaster().fit(history.assign(**{"covariate:mode": modes}))
    assert model.mixture_.share_of(frozenset({"lane"})) > 0
    np.testing.assert_array_equal(
        model.predict(request("slow")).values,
        model.predict(request("slow").assign(**{"covariate:mode": "sea"})).values,
    )

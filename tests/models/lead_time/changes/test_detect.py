"""Suppliers that change are flagged, those that do not seldom are, and forecasts follow."""

import numpy as np
import pandas as pd
import pytest

from models.lead_time.changes.control_charts import ControlCharts
from models.lead_time.changes.cusum_limits import cusum_limits
from models.lead_time.changes.detect import detect_changes
from models.lead_time.changes.forgetting import before_change, memory_weights
from models.lead_time.changes.mix_adjusted import comparable_shipments
from models.lead_time.changes.rank_likelihoods import log_likelihood_ratios
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import snapshot


def lines(name: str, days: np.ndarray, *, apart: int = 7, unique_id: object = "a") -> pd.DataFrame:
    placed = pd.Timestamp("2021-01-04") + pd.to_timedelta(apart * np.arange(len(days)), "D")
    return pd.DataFrame(
        {
            "order_id": [f"{name}{k}" for k in range(len(days))],
            "supplier_id": name,
            "unique_id": unique_id,
            "ordered_at": placed,
            "quantity_ordered": 10.0,
            "unit_price": 1.0,
            "is_open": False,
            "duration": np.maximum(1.0, np.rint(days)),
            "contract_days": np.nan,
        }
    )


def noise(orders: int, seed: int, spread: float = 0.25) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(-(spread**2) / 2, spread, orders))


def state_of(orders: pd.DataFrame) -> str:
    return str(detect_changes(orders).now["state"].iloc[0])


def test_a_steady_supplier_is_flagged_once_in_three_years_at_most() -> None:
    steady = pd.concat([lines(f"s{k}", 20 * noise(156, k)) for k in range(60)], ignore_index=True)
    assert len(detect_changes(steady).history) <= 60


@pytest.mark.parametrize(("factor", "state"), [(1.6, "eroding"), (0.6, "improving")])
def test_a_supplier_that_shifts_is_flagged_and_the_change_is_dated(factor: float, state: str) -> None:
    days = 20 * noise(95, 1)
    days[80:] *= factor
    now = detect_changes(lines("s", days)).now.iloc[0]
    assert now["state"] == state
    assert abs((now["since"] - lines("s", days)["ordered_at"][80]).days) <= 35
    assert now["shift"] == pytest.approx(factor, rel=0.25)


def test_suppliers_whose_spread_grows_are_erratic() -> None:
    def grown(seed: int) -> pd.DataFrame:
        logs = np.random.default_rng(seed).normal(0, 0.1, 95)
        logs[80:] *= 3
        return lines(f"s{seed}", 40 * np.exp(logs))

    flags = detect_changes(pd.concat([grown(seed) for seed in range(20)], ignore_index=True)).history
    assert flags.loc[flags["state"] == "erratic", "supplier_id"].nunique() >= 14


def test_orders_that_do_not_arrive_are_evidence_before_they_arrive() -> None:
    days = 20 * noise(90, 2)
    days[80:] = 400.0
    orders = lines("s", days)
    seen = snapshot(orders, orders["ordered_at"].iloc[-1] + pd.Timedelta(days=60))
    assert seen["is_open"].tail(10).all()
    assert state_of(seen) == "eroding"


def test_the_quick_ones_of_a_large_batch_do_not_pass_for_an_improvement() -> None:
    days = 20 * noise(120, 3, 0.4)
    orders = lines("s", days, apart=7)
    orders.loc[60:, "ordered_at"] = orders["ordered_at"][60]
    seen = snapshot(orders, orders["ordered_at"][60] + pd.Timedelta(days=14))
    assert seen["is_open"].sum() > 20
    assert state_of(seen) == "stable"


def test_buying_more_of_a_slow_sku_is_no_erosion() -> None:
    sku = np.where(np.arange(240) % 2 == 0, "quick", "slow")
    sku[200:] = "slow"

    def supplier(seed: int) -> pd.DataFrame:
        days = np.where(sku == "slow", 40.0, 20.0) * noise(240, seed, 0.2)
        return lines(f"s{seed}", days, unique_id=sku)

    def eroding(orders: pd.DataFrame) -> int:
        flags = detect_changes(orders).history
        late = flags[flags["flagged_at"] > orders["ordered_at"].iloc[200]]
        return int(late.loc[late["state"] == "eroding", "supplier_id"].nunique())

    orders = pd.concat([supplier(seed) for seed in range(10)], ignore_index=True)
    assert eroding(orders) <= 2
    assert eroding(orders.assign(unique_id="a")) >= 9


def test_a_flag_ends_when_orders_come_as_they_did_before() -> None:
    days = 20 * noise(125, 6)
    days[80:95] *= 1.7
    changes = detect_changes(lines("s", days))
    assert changes.history["state"].tolist()[:1] == ["eroding"]
    assert changes.now["state"].iloc[0] == "stable"
    is_current = changes.shipments["is_current"].to_numpy()
    assert is_current[:75].mean() > 0.9
    assert is_current[82:94].mean() < 0.3


def test_a_new_level_becomes_the_usual_one() -> None:
    days = 20 * noise(200, 7)
    days[80:] *= 1.7
    changes = detect_changes(lines("s", days))
    assert changes.now["state"].iloc[0] == "stable"
    assert not changes.shipments["is_current"].to_numpy()[:70].any()


def test_lines_of_one_order_that_came_together_count_once() -> None:
    one = lines("s", np.full(1, 20.0))
    assert len(comparable_shipments(pd.concat([one, one, one.assign(duration=30.0)]))) == 2


def test_a_supplier_that_never_varied_is_flagged_when_it_becomes_slower() -> None:
    days = np.full(60, 20.0)
    days[45:] = 26.0
    assert state_of(lines("s", days)) == "eroding"


def test_charts_say_nothing_of_few_orders() -> None:
    charts = ControlCharts(
        np.array([[1.0, 2.0, 90.0, 95.0, 90.0]]), np.zeros((1, 5), bool), np.array([4.0])
    ).run()
    assert charts.alarms == []


def test_two_modes_that_move_together_are_found_within_15_orders() -> None:
    def supplier(seed: int) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        days = np.where(rng.random(120) < 0.25, 45.0, 25.0) * rng.normal(1, 0.15, 120)
        days[105:] *= 1.3
        return lines(f"s{seed}", days)

    flags = detect_changes(pd.concat([supplier(seed) for seed in range(30)], ignore_index=True)).history
    assert flags.loc[flags["state"] == "eroding", "supplier_id"].nunique() >= 24


def test_the_likelihood_ratio_of_ranks_has_mean_one_while_nothing_changes() -> None:
    before = np.random.default_rng(0).gamma(4, 5, (3, 60))
    log_ratios = log_likelihood_ratios(before, np.ones(before.shape, bool))
    np.testing.assert_allclose(np.exp(log_ratios).mean(axis=2), 1.0)
    assert (log_ratios.mean(axis=2) < -0.02).all()


def test_limits_rise_with_the_orders_between_two_false_alarms() -> None:
    score = np.random.default_rng(1).normal(0, 1, (1, 4000))
    steps = 0.8 * score - 0.32
    low, high = (cusum_limits(steps, np.array([run_length]))[0] for run_length in (100.0, 1000.0))
    assert 2.0 < low < high - 1.5


def late_quantile(orders: pd.DataFrame) -> float:
    steady = pd.concat([lines(f"o{k}", 15 * noise(150, 20 + k)) for k in range(4)], ignore_index=True)
    model = LeadTimeForecaster().fit(pd.concat([steady, orders], ignore_index=True))
    return float(model.predict(orders.tail(1)).quantile(0.9)[0])


def test_the_forecast_goes_up_when_a_supplier_erodes_and_down_when_it_recovers() -> None:
    days = 20 * noise(170, 8)
    days[100:130] *= 1.8
    orders = lines("s", days)
    before, worse, recovered = (late_quantile(orders.iloc[:end]) for end in (100, 120, 170))
    assert worse > 1.4 * before
    assert recovered < 1.25 * before


def test_suppliers_that_have_not_changed_forget_nothing() -> None:
    orders = pd.concat([lines(f"s{k}", 20 * noise(120, k)) for k in range(10)], ignore_index=True)
    whole = pd.Series(memory_weights(orders, 365.0) == 1.0).groupby(orders["supplier_id"]).all()
    assert whole.sum() >= 8


def test_orders_of_before_an_agreement_on_lead_times_are_forgotten_once_orders_came_since() -> None:
    orders = lines("s", 20 * noise(60, 8))
    agreed = orders.assign(agreed_since=orders["ordered_at"].iloc[58])
    assert before_change(agreed).tolist() == [True] * 58 + [False] * 2
    assert (memory_weights(agreed, 365.0)[:58] < 1).all()
    ahead = orders.assign(agreed_since=orders["ordered_at"].max() + pd.Timedelta(days=1))
    assert (before_change(ahead) == before_change(orders)).all()
    assert not before_change(orders).all()


def test_only_the_latest_400_lines_of_each_supplier_count() -> None:
    many, few = lines("m", noise(450, 0) * 20), lines("f", noise(30, 1) * 20)
    together = comparable_shipments(pd.concat([many, few]).sort_values("ordered_at", kind="stable"))
    assert together.groupby("supplier_id")["order_id"].agg(["size", "first"]).to_dict("index") == {
        "f": {"size": 30, "first": "f0"},
        "m": {"size": 400, "first": "m50"},
    }
    assert comparable_shipments(few.head(0)).empty

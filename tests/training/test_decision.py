from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.contract import Tables, empty_table
from planning.config import PolicyConfig
from planning.distributions import BACKTEST_LEVELS
from training.decision import DecisionTerms, decision_cost, decision_terms
from training.frames import QUANTILES


def _cumulative(y: list[float], level_at: float = 100.0, k: int = 3) -> pd.DataFrame:
    """Forecasts uniform on 0 … level_at for the sum of k periods."""
    frame = pd.DataFrame(np.tile(level_at * BACKTEST_LEVELS, (len(y), 1)), columns=QUANTILES)
    ids = [f"sku{i}" for i in range(len(y))]
    return frame.assign(unique_id=ids, cutoff=pd.Timestamp("2024-01-01"), k=k, y=y, mean=50.0)


def _terms(holding: float, shortage: float, periods: int = 3) -> DecisionTerms:
    ids = [f"sku{i}" for i in range(3)]
    return DecisionTerms(pd.DataFrame({"unique_id": ids, "holding": holding, "shortage": shortage}), periods)


def test_the_cost_is_what_ordering_up_to_the_critical_fractile_costs() -> None:
    assert decision_cost(_cumulative([60.0, 90.0]), _terms(1.0, 4.0)) == pytest.approx((20 * 1 + 10 * 4) / 2)


def test_between_two_levels_the_quantile_is_interpolated() -> None:
    assert decision_cost(_cumulative([0.0]), _terms(1.0, 2.0)) == pytest.approx(100 * 2 / 3)


def test_unknown_outcomes_are_left_out() -> None:
    assert decision_cost(_cumulative([60.0, np.nan]), _terms(1.0, 4.0)) == pytest.approx(20.0)


def test_a_protection_interval_beyond_the_horizon_is_judged_at_the_horizon() -> None:
    assert decision_cost(_cumulative([60.0]), _terms(1.0, 4.0, periods=9)) == pytest.approx(20.0)


def test_without_outcomes_there_is_no_cost() -> None:
    assert np.isnan(decision_cost(_cumulative([np.nan]), _terms(1.0, 4.0)))
    assert np.isnan(decision_cost(_cumulative([1.0])[:0], _terms(1.0, 4.0)))


def _tables(**columns: Any) -> Tables:
    items = empty_table("items").reindex([0]).assign(unique_id="sku0", **columns)
    offers = empty_table("offers").reindex([0]).assign(lead_time_days=14.0)
    return Tables(items=items, offers=offers)


def test_own_costs_of_an_item_hold_for_the_whole_protection_interval() -> None:
    policy = PolicyConfig(target="cost", review_period_days=7)
    terms = decision_terms(_tables(holding_cost=0.2, shortage_cost=1.0), policy, "W-MON")
    assert terms.periods == 3
    assert terms.items.loc[0, ["holding", "shortage"]].tolist() == pytest.approx([0.6, 1.0])


def test_a_service_level_implies_the_shortage_cost_that_makes_it_best() -> None:
    terms = decision_terms(_tables(unit_cost=100.0), PolicyConfig(level=0.9, holding_cost_rate=0.25), "W-MON")
    holding, shortage = terms.items.loc[0, ["holding", "shortage"]]
    assert holding == pytest.approx(3 * 0.25 * 100 * 7 / 365.25)
    assert shortage / (shortage + holding) == pytest.approx(0.9)

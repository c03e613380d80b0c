from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config, DataConfig, PolicyConfig
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from training.decision_cost.cycle_costs import replay_cycle_costs
from training.decision_cost.decision_terms import DecisionTerms
from training.decision_cost.learn_order_rules import calibrate_order_rules
from training.decision_cost.replay_inputs import cycles_to_replay, forecasts_to_replay
from training.model_factories import ModelFactories

H, WEEKS = 6, 40


@pytest.fixture
def panel() -> Panel:
    rng = np.random.default_rng(5)
    ds = pd.date_range("2023-01-02", periods=WEEKS, freq="W-MON")
    frames = [pd.DataFrame({"unique_id": f"sku{i}", "ds": ds, "y": rng.poisson(20, WEEKS)}) for i in range(8)]
    demand = pd.concat([empty_table("demand"), pd.concat(frames)], ignore_index=True)
    return make_panel(Tables(demand=demand), DataConfig(), freq="W-MON", horizon=H)


@pytest.fixture
def terms() -> DecisionTerms:
    ids = [f"sku{i}" for i in range(8)]
    items = pd.DataFrame({"unique_id": ids, "holding": 1.0, "shortage": 9.0, "lead_time": 1})
    return DecisionTerms(items, review=1, policy=PolicyConfig(target="cost", review_period_days=7))


def _cost(panel: Panel, terms: DecisionTerms, factories: ModelFactories) -> float:
    forecasts = forecasts_to_replay(factories.demand(Config(), H).fit(panel).backtest_)
    return float(replay_cycle_costs(cycles_to_replay(forecasts, panel, terms), panel, terms)["cost"].mean())


def test_a_biased_forecast_costs_more(
    panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    good, low, high = (_cost(panel, terms, make_factories(bias=bias)) for bias in (0.0, -8.0, 25.0))
    assert 0 < good < min(low, high)


def test_skus_without_costs_are_not_played(
    panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    forecasts = forecasts_to_replay(make_factories().demand(Config(), H).fit(panel).backtest_)
    items = terms.items.assign(holding=np.where(terms.items["unique_id"] == "sku3", 1.0, 0.0))
    past = cycles_to_replay(forecasts, panel, replace(terms, items=items))
    assert past is not None
    assert [forecast.unique_ids.tolist() for forecast in past.forecasts] == [["sku3"], ["sku3"]]
    np.testing.assert_array_equal(past.demand, panel.y[3:4, WEEKS - 2 * H :])
    assert past.origins.tolist() == [0, H]
    assert cycles_to_replay(forecasts, panel, replace(terms, items=terms.items.assign(holding=0.0))) is None


def test_without_a_backtest_there_is_no_cost_and_no_rule(panel: Panel, terms: DecisionTerms) -> None:
    assert cycles_to_replay([], panel, terms) is None
    assert not len(replay_cycle_costs(None, panel, terms))
    assert calibrate_order_rules(None, terms).rules.shift == {}


def test_rules_are_learned_for_a_cost_target_only(
    panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    forecasts = forecasts_to_replay(make_factories(bias=-5.0).demand(Config(), H).fit(panel).backtest_)
    past = cycles_to_replay(forecasts, panel, terms)
    assert calibrate_order_rules(past, terms).rules.shift["smooth"] > 0
    service = replace(terms, policy=PolicyConfig(target="cycle_service_level"))
    assert calibrate_order_rules(past, service).rules.shift == {}


def test_the_candidates_are_told_with_their_cost_and_fill_rate_by_class(
    panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    forecasts = forecasts_to_replay(make_factories(bias=-5.0).demand(Config(), H).fit(panel).backtest_)
    learned = calibrate_order_rules(cycles_to_replay(forecasts, panel, terms), terms)
    smooth = learned.candidates[learned.candidates["demand_class"] == "smooth"]
    assert (np.diff(smooth["fill_rate"]) >= -1e-12).all()
    assert smooth["fill_rate"].iloc[-1] > smooth["fill_rate"].iloc[0]
    assert smooth["in_use"].unique().tolist() == [learned.rules.shift["smooth"]]
    everyone = learned.candidates[learned.candidates["demand_class"] == ""]
    assert everyone["cost"].tolist() == smooth["cost"].tolist()

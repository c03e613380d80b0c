import numpy as np
import pandas as pd
from scipy import stats

from features.contract import Tables, empty_table
from features.panel import Panel
from models.demand.backtest import Backtest
from planning.config import PolicyConfig
from planning.distributions import DEMAND_LEVELS
from planning.rules import OrderRules
from training.decision import DecisionTerms
from training.order_rules import learn_rules

N, H, ORIGINS, BEFORE = 60, 8, 12, 10
IDS = np.array([f"sku{i:02d}" for i in range(N)], dtype=object)
COST = PolicyConfig(target="cost", review_period_days=7, lost_sales=True)


def past(*, forecast: float, truth: float) -> tuple[Backtest, Panel]:
    """Origins every second week with Poisson forecasts, and Poisson demand that came."""
    periods = BEFORE + 2 * ORIGINS
    ds = pd.date_range("2023-01-02", periods=periods + H + 1, freq="W-MON").to_numpy()
    y = np.random.default_rng(5).poisson(truth, (N, periods)).astype(float)
    at = BEFORE + 2 * np.arange(ORIGINS)
    mean = np.full((ORIGINS, N, H), forecast)
    total = mean.cumsum(axis=2)
    none = np.zeros((ORIGINS, N, H))
    backtest = Backtest(
        unique_ids=IDS, cutoffs=ds[at - 1], starts=ds[at[:, None] + np.arange(H + 1)], window=np.zeros(ORIGINS, np.int64),
        y=none, in_stock=none == 0, sold=none, demand_class=np.full((ORIGINS, N), "smooth", object),
        mean=mean, quantiles=stats.poisson.ppf(DEMAND_LEVELS, mean[..., None]),
        cumulative_mean=total, cumulative=stats.poisson.ppf(DEMAND_LEVELS, total[..., None]), members={},
    )  # fmt: skip
    static = pd.DataFrame({"unique_id": IDS})
    return backtest, Panel(IDS, ds[:periods], "W-MON", y, np.ones(y.shape, bool), static)


def tables() -> Tables:
    offers = pd.DataFrame({"supplier_id": "dc", "unique_id": IDS, "lead_time_days": 14.0})
    return Tables(offers=pd.concat([empty_table("offers"), offers], ignore_index=True))


def terms(holding: float = 0.6) -> DecisionTerms:
    return DecisionTerms(pd.DataFrame({"unique_id": IDS, "holding": holding, "shortage": 1.0}), periods=3)


def test_forecasts_that_were_too_high_lower_the_fractile():
    honest = learn_rules(*past(forecast=5.0, truth=5.0), tables(), COST, terms())
    too_high = learn_rules(*past(forecast=7.0, truth=5.0), tables(), COST, terms())
    assert too_high.shift["smooth"] < honest.shift["smooth"] - 0.3


def test_a_promised_service_level_is_left_as_promised():
    policy = PolicyConfig(target="cycle_service_level")
    assert learn_rules(*past(forecast=5.0, truth=5.0), tables(), policy, terms()) == OrderRules()


def test_without_costs_there_is_nothing_to_calibrate():
    assert learn_rules(*past(forecast=5.0, truth=5.0), tables(), COST, terms(holding=0.0)) == OrderRules()


def test_out_of_stock_periods_do_not_pass_for_low_demand():
    backtest, panel = past(forecast=5.0, truth=5.0)
    empty = np.random.default_rng(2).random(panel.y.shape) < 0.3
    censored = Panel(
        panel.unique_ids, panel.ds, panel.freq, np.where(empty, 0.0, panel.y), ~empty, panel.static
    )
    with_all = learn_rules(backtest, panel, tables(), COST, terms())
    without = learn_rules(backtest, censored, tables(), COST, terms())
    assert abs(with_all.shift["smooth"] - without.shift["smooth"]) < 0.4

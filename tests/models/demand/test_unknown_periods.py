import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from models.demand.distributions.spread_inputs import LEVEL_DRIFT, drift_uncertainty
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.reason_codes import reason_codes


def panel(y, in_stock=None, freq="W-MON") -> Panel:
    y = np.asarray(y, float)
    return Panel(
        unique_ids=np.array([f"a{i}" for i in range(len(y))], object),
        ds=pd.date_range("2022-01-03", periods=y.shape[1], freq=freq).to_numpy(),
        freq=freq,
        y=y,
        in_stock=np.ones(y.shape, bool) if in_stock is None else in_stock,
        static=pd.DataFrame({"category": ["c"] * len(y)}),
    )


def test_periods_count_as_unknown_since_the_last_known_one():
    nan = np.nan
    y = [[1, 2, 3, 4], [1, 2, nan, 4], [1, nan, nan, nan], [nan, nan, nan, nan], [nan, nan, 3, nan]]
    assert panel(y).unknown_since.tolist() == [0, 0, 3, 0, 1]
    in_stock = np.ones((1, 4), bool)
    in_stock[0, 2:] = False
    assert panel([[1, 2, nan, nan]], in_stock).unknown_since.tolist() == [0]


def test_the_level_drifts_as_a_random_walk_while_nothing_is_known():
    volatility = np.array([1.0, 0.0, 2.0])
    np.testing.assert_allclose(
        drift_uncertainty(volatility, np.array([4, 9, 1])), [2 * LEVEL_DRIFT, 0.0, 2 * LEVEL_DRIFT]
    )


@pytest.mark.parametrize(("freq", "unknown", "reason"), [("W-MON", 1, ""), ("W-MON", 2, "stale_demand")])
def test_a_reason_says_that_demand_has_not_been_known_for_more_than_a_period(freq, unknown, reason):
    y = np.full((2, 40), 5.0)
    y[0, -unknown:] = np.nan
    assert reason_codes(panel(y, freq=freq), np.array(["smooth", "smooth"], object)).tolist() == [reason, ""]


def test_days_not_known_for_a_week_are_usual():
    y = np.full((2, 60), 5.0)
    y[0, -7:] = np.nan
    y[1, -8:] = np.nan
    found = reason_codes(panel(y, freq="D"), np.array(["smooth", "smooth"], object))
    assert found.tolist() == ["", "stale_demand"]


def test_a_panel_goes_on_to_the_day_of_the_forecast_with_periods_that_are_over():
    demand = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024-01-01", periods=3, freq="W-MON")})
    tables = Tables(demand=demand.assign(y=[1.0, 2.0, 3.0], in_stock=pd.array([None] * 3, dtype="boolean")))
    for until, periods in (("2024-01-22", 3), ("2024-01-28", 3), ("2024-01-29", 4), ("2024-02-13", 6)):
        made = make_panel(tables, DataConfig(freq="W-MON"), horizon=2, until=pd.Timestamp(until))
        assert made.periods == periods, until
        np.testing.assert_array_equal(made.y[0], [1, 2, 3] + [np.nan] * (periods - 3))
        assert made.future(1)[0] <= np.datetime64(until)


def test_longer_listed_periods_are_expected_to_sell_more_from_the_first_year_on():
    weeks = np.tile([4, 4, 5], 8)
    starts = pd.Timestamp("2022-01-31") + pd.to_timedelta(np.cumsum([0, *weeks]) * 7, "D")
    demand = pd.DataFrame({"unique_id": "a", "ds": starts[:10], "y": 70.0 * weeks[:10]})
    demand["in_stock"] = pd.array([None] * 10, dtype="boolean")
    calendar = empty_table("calendar").reindex(range(len(starts))).assign(ds=starts)
    made = make_panel(Tables(demand=demand, calendar=calendar), DataConfig(), horizon=3)
    np.testing.assert_allclose(SeasonalLevel(12).mean(made, 3), [[70 * 4, 70 * 5, 70 * 4]])

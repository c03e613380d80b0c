import pandas as pd
import pytest

from features.demand.recent_demand import daily_rate


def test_todays_rate_is_the_mean_of_the_last_quarter_in_stock():
    weeks = pd.date_range("2024-01-01", periods=20, freq="W-MON")
    demand = pd.DataFrame({"unique_id": "a", "ds": weeks, "y": [700.0] * 6 + [7.0] * 14, "in_stock": True})
    demand.loc[19, ["y", "in_stock"]] = [0.0, False]
    rate = daily_rate(demand, "W-MON").set_index("unique_id")["per_day"]
    assert rate["a"] == pytest.approx(1.0)

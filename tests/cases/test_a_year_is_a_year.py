"""A year of demand is a year with its seasons, not the weeks of the horizon times so and so many."""

import numpy as np
import pytest
from small_company import COUNTED, FIRST, SmallCompany

from artifacts.parts.forecast_store import read_forecast


def test_goods_of_the_summer_are_expected_to_have_their_summer(untrained_company: SmallCompany) -> None:
    company = untrained_company
    demand = company.tables["demand"]
    weeks = (demand["ds"] - FIRST).dt.days / 7
    season = 1 + 0.9 * np.sin(2 * np.pi * (weeks - 13) / 52)
    summery = demand["unique_id"] != "A5"
    demand["y"] = np.where(summery, np.random.default_rng(3).poisson(20 * season), demand["y"])
    assert company.train().status == 0
    forecast = read_forecast(next(company.home.rglob("forecast.parquet")))
    last_year = demand[demand["ds"] >= COUNTED - np.timedelta64(364, "D")].groupby("unique_id")["y"].sum()
    year, stretched = forecast.mean_until(364.0), forecast.mean[:, :4].mean(axis=1) * 52
    # the horizon is of spring: stretched, it would be a good deal less than the year
    assert (stretched[:5] < 0.8 * last_year[:5]).all()
    assert year[:5] == pytest.approx(last_year[:5].to_numpy(), rel=0.3)
    assert year[5] == pytest.approx(last_year["A5"], rel=0.2)

"""Parts of a SKU's page: the price really paid, stock with today's order, seasons, classes, past forecasts."""

import re

import numpy as np
import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from planning.planner import Planner
from serving.pages.sku.offers_table import COST_LABELS, offers_table
from serving.pages.sku.past_forecasts import past_forecasts
from serving.pages.sku.seasons import season_profile, variability_class, year_before
from serving.pages.sku.stock_ahead import stock_ahead
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower, headers={"accept": "text/html"})
    follower.close()


def assessed(served, unique_id="sku16", **offer):
    planner: Planner = served.planner(served.forecast.select([served.row_of[unique_id]]))
    inputs = served.inputs.of_skus([unique_id])
    if offer:
        inputs = inputs.__class__(**{**vars(inputs), "offers": inputs.offers.assign(**offer)})
    return planner.assess(inputs)


def test_the_price_paid_is_that_of_the_order_size_with_its_break(served) -> None:
    assessment = assessed(served, moq=120.0, unit_price=2.2, price_breaks="50:2.15;100:2.11;999999:2.05")
    row = offers_table(assessment).iloc[0]
    assert row["order_size"] >= 120
    assert (row["unit_price"], row["paid"], row["paid_from"]) == (2.2, 2.11, 100)
    assert row["price"] == pytest.approx(2.11 * assessment.chosen_terms.demand.yearly[0], rel=0.1)
    plain = offers_table(assessed(served, unit_price=2.2, price_breaks=None)).iloc[0]
    assert plain["paid"] == 2.2
    assert np.isnan(plain["paid_from"])


def test_the_offer_in_use_comes_first_and_no_two_headings_are_alike(served, client) -> None:
    table = offers_table(assessed(served))
    assert table["chosen"].tolist()[0]
    assert table["chosen"].sum() == 1
    html = client.get("/skus/sku16").text
    heads = re.search(r"<h2>Offers</h2>.*?<thead>(.*?)</thead>", html, re.DOTALL)[1]
    texts = re.findall(r"<th[^>]*>([^<]+)</th>", heads)
    assert len(texts) > 15
    assert len(set(texts)) == len(texts)
    assert set(COST_LABELS.values()) < set(texts)


def test_stock_with_todays_order_is_higher_once_it_can_have_come(served) -> None:
    assessment = assessed(served)
    alone, ordered = stock_ahead(assessment, 0.0), stock_ahead(assessment, 500.0)
    assert (alone["with_expected"] == alone["expected"]).all()
    pd.testing.assert_series_equal(ordered["expected"], alone["expected"])
    gain = ordered["with_expected"] - ordered["expected"]
    assert gain.iloc[0] == pytest.approx(0.0, abs=1e-6)
    assert (gain >= -1e-3).all()
    assert 250 < gain.iloc[-1] <= 500 + 1e-3
    assert (ordered["with_stockout"] <= ordered["stockout"] + 1e-9).all()


def test_a_season_is_a_multiple_of_the_years_average_day(make_year) -> None:
    profile = season_profile(make_year(np.r_[np.full(26, 7.0), np.full(26, 21.0)]))
    assert profile["month"].tolist() == list(range(1, 13))
    by_month = profile.set_index("month")
    assert by_month["per_day"].min() == pytest.approx(1.0)
    assert by_month["per_day"].max() == pytest.approx(3.0)
    assert by_month["index"].max() == pytest.approx(1.5)
    assert season_profile(make_year(np.zeros(52))).empty
    assert season_profile(make_year(None)).empty


@pytest.fixture
def make_year():
    from dataclasses import replace

    from normal_forecast import normal_forecast

    def made(later):
        forecast = normal_forecast([70.0], [20.0], periods=4)
        if later is None:
            return forecast
        ends = forecast.ends_days[-1] + 7.0 * np.arange(1, 53)
        return replace(forecast, later_mean=np.asarray(later)[None, :], later_ends_days=ends)

    return made


def test_a_year_before_is_the_same_weekday_or_the_same_month() -> None:
    weeks = pd.date_range("2023-01-02", periods=52, freq="W-MON")
    past = pd.DataFrame({"ds": weeks, "y": np.arange(52.0)})
    found = year_before(past, pd.date_range("2024-01-01", periods=3, freq="W-MON"))
    assert found["y"].tolist() == [0, 1, 2]
    assert found["ds"].tolist() == list(pd.date_range("2024-01-01", periods=3, freq="W-MON"))
    months = pd.DataFrame({"ds": pd.date_range("2023-02-01", periods=11, freq="MS"), "y": np.arange(11.0)})
    found = year_before(months, pd.date_range("2024-01-01", periods=3, freq="MS"))
    assert found["y"].tolist() == [0, 1]
    assert year_before(past.iloc[:0], pd.DatetimeIndex([])).empty


@pytest.mark.parametrize(
    ("demand", "expected"),
    [([10.0] * 8, "X"), ([0.0, 20.0] * 4, "Z"), ([5.0, 15.0] * 4, "Y"), ([10.0] * 7, ""), ([0.0] * 9, "")],
)
def test_the_class_of_a_sku_says_how_much_its_demand_varies(demand, expected) -> None:
    assert variability_class(pd.DataFrame({"y": demand}))[0] == expected


def test_what_was_out_of_stock_does_not_count_as_variation() -> None:
    past = pd.DataFrame({"y": [10.0] * 8 + [0.0] * 8, "in_stock": [True] * 8 + [False] * 8})
    assert variability_class(past) == ("X", 0.0)


def test_past_forecasts_are_judged_by_step_where_the_model_kept_them(served, monkeypatch) -> None:
    none = past_forecasts(served, "sku16")
    assert (none.overall, none.steps) == (None, [])
    steps = pd.DataFrame(
        {"unique_id": "sku16", "k": [1, 2], "n": 4, "demand": [40.0, 0.0], "mae": 5.0, "bias": -2.0,
         "coverage_90": 0.75}
    )  # fmt: skip
    monkeypatch.setattr(
        type(served.bundle), "sku_backtest", lambda _, sku: (steps[steps["unique_id"] == sku], pd.DataFrame())
    )
    first, second = past_forecasts(served, "sku16").steps
    assert (first["demand"], first["mae_share"], first["bias_share"]) == (10.0, 0.5, -0.2)
    assert second["demand"] == 0.0
    assert np.isnan(second["mae_share"])


def test_the_page_says_where_there_are_no_past_forecasts_and_shows_them_where_there_are(client) -> None:
    html = client.get("/skus/sku16").text
    assert "The backtest of this model has no forecast of this SKU to judge" in html
    assert "Season" in html

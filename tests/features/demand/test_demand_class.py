from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.demand.demand_class import (
    demand_classes,
    intermittency,
    periods_since_sale,
    silent_skus,
    steady_skus,
)
from features.demand.panel import Panel


def panel(y, freq="W-MON"):
    y = np.atleast_2d(np.asarray(y, float))
    static = pd.DataFrame({"category": ["x"] * len(y)})
    ds = pd.date_range("2022-01-03", periods=y.shape[1], freq=freq).to_numpy()
    ids = np.array([f"s{i}" for i in range(len(y))], object)
    return Panel(unique_ids=ids, ds=ds, freq=freq, y=y, in_stock=np.ones(y.shape, bool), static=static)


def rhythm(*sizes, periods=120):
    return np.resize(np.array(sizes, float), periods)


@pytest.mark.parametrize(
    ("name", "y"),
    [
        ("smooth", rhythm(5, 6, 4)),
        ("erratic", rhythm(1, 1, 1, 30)),
        ("intermittent", rhythm(0, 0, 5)),
        ("lumpy", rhythm(0, 0, 1, 0, 0, 40)),
        ("short", np.where(np.arange(120) < 115, np.nan, 3.0)),
        ("dead", np.zeros(120)),
        ("dead", np.where(np.arange(120) < 60, 5.0, 0.0)),
        ("short", np.full(120, np.nan)),
    ],
)
def test_each_class_is_recognised(name, y):
    assert demand_classes(panel(y)).tolist() == [name]


def test_an_article_sold_once_a_year_is_not_dead_in_its_off_season():
    christmas = np.where(np.arange(120) % 52 == 50, 20.0, 0.0)
    assert demand_classes(panel(christmas[:95])).tolist() != ["dead"]


def test_stockouts_do_not_make_a_steady_seller_intermittent():
    steady = panel(rhythm(5, 0, 6, 0))
    sold_out = replace(steady, in_stock=steady.y > 0)
    assert demand_classes(steady).tolist() == ["intermittent"]
    assert demand_classes(sold_out).tolist() == ["smooth"]


def test_intermittency_is_periods_per_sale_and_squared_variation_of_sizes():
    adi, cv2 = intermittency(np.array([[0, 2, 0, 4, np.nan], [0, 0, 0, 0, 0]]))
    np.testing.assert_allclose(adi, [2.0, np.inf])
    np.testing.assert_allclose(cv2, [2 / 9, 0.0])


def test_periods_since_a_sale_count_known_periods_only():
    np.testing.assert_array_equal(
        periods_since_sale(np.array([[3, 0, np.nan, 0], [0, 0, 0, 0], [0, 0, 0, 1]])), [2, 4, 0]
    )


@pytest.mark.parametrize(
    ("expected", "y"),
    [
        (True, np.where(np.arange(120) < 110, 5.0, 0.0)),
        (False, np.where(np.arange(120) < 118, 5.0, 0.0)),
        (False, rhythm(5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0)),
        (False, np.zeros(120)),
        (True, np.append(rhythm(0, 0, 5, periods=95), np.zeros(25))),
        (False, np.append(rhythm(0, 0, 5, periods=108), np.zeros(12))),
    ],
)
def test_a_sku_is_silent_when_it_has_never_paused_so_long_and_chance_does_not_explain_it(expected, y):
    assert silent_skus(panel(y)).tolist() == [expected]


def test_a_sku_is_steady_when_ten_or_more_known_periods_were_all_the_same():
    y = np.full((5, 12), 7.0)
    y[1, 5] = 8.0  # varies
    y[2] = 0.0  # never sold
    y[3, :3] = np.nan  # nine known periods
    y[4, :2] = np.nan  # ten
    np.testing.assert_array_equal(steady_skus(panel(y)), [True, False, True, False, True])


def test_a_stockout_period_says_nothing_against_steady_demand_unless_more_was_sold():
    y = np.full((2, 12), 7.0)
    y[:, 4] = 3.0, 9.0
    sold_out = replace(panel(y), in_stock=np.tile(np.arange(12) != 4, (2, 1)))
    np.testing.assert_array_equal(steady_skus(sold_out), [True, False])

"""How sure a rate is."""

import numpy as np
import pandas as pd
import pytest

from suppliers.confidence_intervals import effective_count, shrunk_share, yearly_trend


def test_three_of_three_rank_below_ninety_five_of_a_hundred() -> None:
    share = shrunk_share(pd.Series([3.0, 95.0, 60.0]), pd.Series([3.0, 100.0, 100.0]))
    assert share["shrunk"][0] < 1
    assert share["low"][0] < share["low"][1]
    assert share["high"][0] > share["high"][2]


def test_nothing_known_is_no_share() -> None:
    assert shrunk_share(pd.Series([0.0, 5.0]), pd.Series([0.0, 9.0])).loc[0].isna().all()


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    random = np.random.default_rng(3)
    truth = random.beta(16, 4, 2000)
    count = random.integers(5, 60, 2000)
    share = shrunk_share(
        pd.Series(random.binomial(count, truth).astype(float)), pd.Series(count.astype(float))
    )
    assert ((share["low"] <= truth) & (truth <= share["high"])).mean() == pytest.approx(0.9, abs=0.04)


def test_units_that_share_their_fate_count_as_few_trials() -> None:
    together = effective_count(pd.Series([0.0, 100.0] * 5), pd.Series([100.0] * 10), pd.Series(["s"] * 10))
    apart = effective_count(pd.Series([50.0, 51.0] * 5), pd.Series([100.0] * 10), pd.Series(["s"] * 10))
    assert together["s"] == pytest.approx(9, abs=1)
    assert apart["s"] > 1000


def test_a_trend_is_growth_a_year_with_the_truth_inside() -> None:
    years = pd.Series(np.linspace(-2, 0, 60))
    noise = np.random.default_rng(1).normal(0, 0.1, 60)
    trend = yearly_trend(np.exp(0.2 * years + noise), years, pd.Series(["s"] * 60)).loc["s"]
    assert trend["low"] < np.expm1(0.2) < trend["high"]
    assert trend["trend"] == pytest.approx(np.expm1(0.2), abs=0.07)


def test_a_few_orders_have_no_trend() -> None:
    assert (
        yearly_trend(pd.Series([1.0] * 9), pd.Series(np.arange(9.0)), pd.Series(["s"] * 9))
        .isna()
        .all(axis=None)
    )

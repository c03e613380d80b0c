"""Suppliers that move through time, come back every year, or are less certain than was thought."""

import numpy as np
import pandas as pd
import pytest

from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time
from models.lead_time.evaluation.crps import time_grid
from models.lead_time.evaluation.spread import Judged, learn_spread, size_class, widen
from models.lead_time.members.drifting_aft import DriftingAFT
from models.lead_time.members.kalman import smooth
from models.lead_time.members.season import PHASES, own_seasons

FIRST_DAY = pd.Timestamp("2021-01-04")


def supplier(name: str, middle: np.ndarray, *, apart: float = 2.0, seed: int = 0) -> pd.DataFrame:
    """Closed orders of one supplier, one every `apart` days, spread by a quarter around `middle`."""
    noise = np.exp(0.25 * np.random.default_rng(seed).standard_normal(len(middle)))
    return pd.DataFrame(
        {
            "supplier_id": name,
            "unique_id": "a",
            "ordered_at": FIRST_DAY + pd.to_timedelta(np.round(apart * np.arange(len(middle))), "D"),
            "quantity_ordered": 10.0,
            "unit_price": 1.0,
            "is_open": False,
            "duration": np.round(middle * noise, 1),
        }
    )


def ask(name: str, day: pd.Timestamp) -> pd.DataFrame:
    return supplier(name, np.ones(1)).assign(ordered_at=day)


def test_a_path_follows_what_moves_and_ignores_what_does_not() -> None:
    random = np.random.default_rng(1)
    truth = np.stack([np.linspace(-0.4, 0.4, 60), np.zeros(60)])
    seen = truth + 0.1 * random.standard_normal(truth.shape)
    paths = smooth(seen, np.full(truth.shape, 100.0), 7.0)
    assert np.abs(paths.mean[0] - truth[0]).max() < 0.12
    assert np.abs(paths.mean[1]).max() < 0.06


def test_without_news_a_path_comes_back_and_its_doubt_grows() -> None:
    precision = np.zeros((1, 200))
    precision[:, :50] = 100.0
    paths = smooth(np.linspace(0.0, 0.8, 200)[None, :], precision, 7.0)
    assert abs(paths.mean[0, -1]) < abs(paths.mean[0, 49])
    assert paths.variance[0, -1] > 4 * paths.variance[0, 25]


def test_open_orders_say_that_a_supplier_has_become_slow() -> None:
    steady = supplier("s", np.full(150, 12.0))
    end = steady["ordered_at"].iloc[-1] + pd.Timedelta(days=20)
    waiting = supplier("s", np.full(10, 12.0)).assign(
        ordered_at=end - pd.Timedelta(days=30), is_open=True, duration=30.0
    )
    other = supplier("t", np.full(150, 12.0), seed=2)
    calm = DriftingAFT().fit(pd.concat([steady, other], ignore_index=True))
    warned = DriftingAFT().fit(pd.concat([steady, waiting, other], ignore_index=True))
    assert warned.predict(ask("s", end)).mean()[0] > 1.15 * calm.predict(ask("s", end)).mean()[0]


def test_a_season_is_found_where_it_comes_back_and_not_where_it_came_once() -> None:
    day = np.arange(0, 3 * 365, 2)
    peak = 0.6 * np.exp(-(((day % 365) - 300) ** 2) / 800)
    values = np.concatenate([peak, np.where(day > 730, peak, 0.0)])
    noise = 0.1 * np.random.default_rng(3).standard_normal(len(values))
    ordered_at = pd.Series(FIRST_DAY + pd.to_timedelta(np.tile(day, 2), "D"))
    seasons = own_seasons(values + noise, np.repeat([0, 1], len(day)), ordered_at, 2)
    assert seasons[0].max() > 0.4
    assert abs(int(seasons[0].argmax()) - round(300 / 365 * PHASES)) <= 1
    np.testing.assert_array_equal(seasons[1], 0.0)


def test_a_supplier_that_is_slow_every_autumn_is_expected_slow_next_autumn() -> None:
    day = np.arange(0, 3 * 365 - 120, 2)
    middle = 12 * (1 + 0.8 * np.exp(-(((day % 365) - 320) ** 2) / 800))
    other = supplier("t", np.full(len(day), 12.0), seed=2)
    model = DriftingAFT().fit(pd.concat([supplier("s", middle, seed=1), other], ignore_index=True))
    autumn, calm = (model.predict(ask("s", FIRST_DAY + pd.Timedelta(days=d))).mean()[0] for d in (1050, 975))
    assert autumn > 1.3 * calm


def judged(spread: float, n_orders: int, seed: int) -> Judged:
    """Forty orders of suppliers of one size whose lead times stray `spread` times as far as was forecast."""
    random = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {"duration": 30 * np.exp(0.2 * spread * random.standard_normal(80)), "is_open": False}
    )
    values = np.tile(gamma_lead_time(30, 6).quantile(LEAD_TIME_LEVELS[None, :]), (80, 1))
    return Judged(values, orders, np.full(80, n_orders))


def test_a_size_of_supplier_that_was_too_sure_is_widened_and_others_are_not() -> None:
    windows = [judged(2.0, 2, seed) for seed in range(4)] + [judged(1.0, 90, seed) for seed in range(4)]
    spread = learn_spread(windows, *time_grid(pd.concat([w.orders for w in windows])))
    assert spread[0] >= 1.25
    assert spread[1:].tolist() == [1.0, 1.0]


def test_two_windows_are_too_few_to_widen_by() -> None:
    windows = [judged(2.0, 2, seed) for seed in range(2)]
    assert learn_spread(windows, *time_grid(windows[0].orders)).tolist() == [1.0, 1.0, 1.0]


def test_widening_keeps_the_median() -> None:
    values = gamma_lead_time(30, 6, 2).values
    wide = widen(values, np.array([1.0, 1.5]))
    np.testing.assert_allclose(wide[0], values[0])
    assert wide[1, 50] == pytest.approx(values[1, 50])
    assert wide[1, 90] > values[1, 90]


def test_sizes_begin_at_five_and_fifty_closed_orders() -> None:
    assert size_class(np.array([0, 4, 5, 49, 50, 900])).tolist() == [0, 0, 1, 1, 2, 2]

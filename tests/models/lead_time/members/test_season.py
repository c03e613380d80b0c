"""A supplier has a season where it comes back every year."""

import numpy as np
import pandas as pd

from models.lead_time.members.season import FORTNIGHTS, supplier_seasons

FIRST_DAY = pd.Timestamp("2021-01-04")


def test_a_season_is_found_where_it_comes_back_and_not_where_it_came_once() -> None:
    day = np.arange(0, 3 * 365, 2)
    peak = 0.6 * np.exp(-(((day % 365) - 300) ** 2) / 800)
    values = np.concatenate([peak, np.where(day > 730, peak, 0.0)])
    noise = 0.1 * np.random.default_rng(3).standard_normal(len(values))
    ordered_at = pd.Series(FIRST_DAY + pd.to_timedelta(np.tile(day, 2), "D"))
    seasons = supplier_seasons(values + noise, np.repeat([0, 1], len(day)), ordered_at, 2)
    assert seasons[0].max() > 0.4
    assert abs(int(seasons[0].argmax()) - round(300 / 365 * FORTNIGHTS)) <= 1
    np.testing.assert_array_equal(seasons[1], 0.0)

import numpy as np
import pytest
from panels import panel_of

from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.lifecycle.relaunch import last_relaunch

STEADY = [20.0]


def panel(y):
    return panel_of(y, "W-MON", "2021-01-04")


@pytest.mark.parametrize(
    ("y", "start"),
    [
        (STEADY * 60 + [0] * 60 + [8] * 4, 120),
        (STEADY * 80 + [0] * 30 + [8] * 4, 110),
        (STEADY * 60 + [0] * 60 + [8], 0),
        (STEADY * 60 + [0] * 10 + [8] * 4, 0),
        ([0] * 100 + [15] * 4, 100),
        ([0] * 60 + [3] + [0] * 30 + [2] + [0] * 30 + [3], 0),
        (([5.0] * 20 + [0] * 32) * 3 + [5] * 3, 0),
        ([0, 0, 0, 3] * 30, 0),
    ],
    ids=[
        "a pause of a season",
        "a pause where it sold the year before",
        "one stray sale",
        "a short gap",
        "a launch after recorded zeros",
        "a very slow seller",
        "a summer article",
        "an intermittent one",
    ],
)
def test_a_relaunch_ends_a_pause_that_is_no_season_and_no_accident(y, start):
    assert last_relaunch(panel(y)).tolist() == [start]


def test_neither_the_pause_nor_what_was_before_it_counts_after_a_relaunch():
    seen = apply_lifecycle(panel([STEADY * 60 + [0] * 60 + [8] * 4, STEADY * 124]))
    assert np.isnan(seen.y[0, :120]).all()
    np.testing.assert_array_equal(seen.uncensored[0, 120:], [8.0] * 4)
    np.testing.assert_array_equal(seen.y[1], STEADY * 124)


def test_stockouts_are_no_pause():
    y = panel(STEADY * 60 + [0] * 60 + [8] * 4)
    y.in_stock[0, 60:120] = False
    assert last_relaunch(y).tolist() == [0]

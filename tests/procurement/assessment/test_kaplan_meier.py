"""Kaplan–Meier moments of lead times: by hand, and against lifelines."""

import lifelines
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.assessment.kaplan_meier import censored_moments


def moments(days: list[float], is_open: list[bool]) -> pd.Series:
    group = pd.Series(["s"] * len(days))
    return censored_moments(group, np.array(days), np.array(is_open)).loc["s"]


def test_without_open_lines_they_are_mean_and_spread() -> None:
    found = moments([4, 4, 8, 8], [False] * 4)
    assert (found["mean"], found["std"], found["median"], found["lines"], found["closed"]) == (6, 2, 4, 4, 4)


def test_an_open_line_moves_its_mass_to_those_that_took_longer() -> None:
    # 1/3 at 2; the two left are one line at 4, with 2/3
    found = moments([2, 4, 3], [False, False, True])
    assert found["mean"] == pytest.approx(2 / 3 + 8 / 3)
    assert found["std"] == pytest.approx(np.sqrt(4 / 3 + 32 / 3 - (10 / 3) ** 2))
    assert found["median"] == 4


def test_what_is_still_out_at_the_end_is_put_on_the_longest_age() -> None:
    assert moments([2, 5], [False, True])["mean"] == 3.5


def test_of_one_day_lines_that_came_go_before_open_ones() -> None:
    # with the open one first, the other were alone and had the whole mass
    assert moments([3, 3, 6], [True, False, False])["mean"] == pytest.approx(3 / 3 + 6 * 2 / 3)


def test_a_supplier_of_whom_nothing_came_has_no_mean() -> None:
    found = moments([7, 9], [True, True])
    assert np.isnan(found["mean"])
    assert np.isnan(found["median"])
    assert found["closed"] == 0


def test_lines_without_days_or_group_do_not_count_and_none_are_no_rows() -> None:
    group = pd.Series(["a", None, "a"])
    found = censored_moments(group, np.array([5.0, 9.0, np.nan]), np.zeros(3, bool))
    assert found["lines"].to_dict() == {"a": 1}
    assert found.loc["a", "mean"] == 5
    assert censored_moments(pd.Series([], dtype=object), np.zeros(0), np.zeros(0, bool)).empty


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_each_group_is_that_of_lifelines(rows: list[tuple[str, int, bool]]) -> None:
    frame = pd.DataFrame(rows, columns=["group", "days", "open"])
    found = censored_moments(frame["group"], frame["days"].to_numpy(float), frame["open"].to_numpy(bool))
    for name, part in frame.groupby("group"):
        if part["open"].all():
            continue
        fitted = lifelines.KaplanMeierFitter().fit(part["days"], ~part["open"])
        survival = fitted.survival_function_.iloc[:, 0]
        steps = np.append(survival.index.to_numpy(float), part["days"].max())
        assert found.loc[name, "mean"] == pytest.approx(float((np.diff(steps) * survival.to_numpy()).sum()))

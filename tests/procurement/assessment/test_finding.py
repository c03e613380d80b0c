"""Ranges hold their figure, and resamples of SKUs are what a bootstrap is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs.errors import PlanningError
from procurement.assessment.finding import Figure, Finding, Range, Resamples


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_a_range_holds_the_sum(values: list[float]) -> None:
    figure = Resamples.of(len(values)).sum(np.array(values))
    assert figure.low <= figure.middle <= figure.high
    assert figure.middle == pytest.approx(sum(values), rel=1e-9, abs=1e-6)


def test_skus_that_are_all_alike_leave_nothing_open() -> None:
    draw = Resamples.of(20)
    assert draw.sum(np.full(20, 3.0)) == Range(60.0, 60.0, 60.0)
    assert draw.ratio(np.full(20, 3.0), np.full(20, 6.0)) == Range(0.5, 0.5, 0.5)


def test_a_range_is_as_wide_as_the_central_limit_says() -> None:
    values = np.repeat([0.0, 1.0], 200)
    figure = Resamples.of(400).sum(values)
    half = 1.645 * 400 * 0.5 / np.sqrt(400)
    assert figure.middle == 200
    assert figure.high - figure.low == pytest.approx(2 * half, rel=0.15)


def test_unknown_values_are_left_out_of_sums_and_of_both_parts_of_a_ratio() -> None:
    draw = Resamples.of(3)
    assert draw.sum(np.array([1.0, np.nan, 2.0])).middle == 3
    above, below = np.array([1.0, 5.0, np.nan]), np.array([2.0, np.nan, 7.0])
    assert draw.ratio(above, below).middle == 0.5
    assert not draw.ratio(above, np.zeros(3)).known


def test_no_skus_are_no_money() -> None:
    assert Resamples.of(0).sum(np.zeros(0)) == Range(0.0, 0.0, 0.0)
    assert not Resamples.of(0).ratio(np.zeros(0), np.zeros(0)).known


def test_a_range_whose_ends_are_swapped_is_refused() -> None:
    with pytest.raises(PlanningError, match="do not rise"):
        Range(2.0, 1.0, 3.0)
    with pytest.raises(PlanningError, match="do not rise"):
        Range(0.0, 4.0, 3.0)


def test_a_range_around_a_figure_holds_it_and_is_unknown_with_it() -> None:
    assert Range.around(5.0, np.array([6.0, 8.0])) == Range(5.0, 5.0, 8.0)
    assert Range.around(5.0, np.array([1.0, np.nan])) == Range(1.0, 5.0, 5.0)
    assert Range.around(5.0, np.zeros(0)) == Range(5.0, 5.0, 5.0)
    assert not Range.around(np.nan, np.array([1.0])).known


def test_a_finding_gives_its_figure_by_name() -> None:
    finding = Finding("f", "F", (Figure("x", "X", "money", Range(1.0, 2.0, 3.0), "counted"),))
    assert finding.value("x").middle == 2
    assert not finding.value("y").known

"""Tests for lead times that hardly vary."""

import numpy as np
import pytest

from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.exact_days import on_one_day


def test_a_lead_time_within_half_a_day_is_that_day_but_for_a_far_tail() -> None:
    values = 14 + 0.3 * (LEAD_TIME_LEVELS - 0.5)
    values[-2:] = 14.6, 30.0
    rounded = on_one_day(values[None])[0]
    assert (rounded[:-2] == 14).all()
    assert rounded[-2:].tolist() == [14.6, 30.0]


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_a_lead_time_that_varies_keeps_its_quantiles(spread: float) -> None:
    values = 14 + spread * (LEAD_TIME_LEVELS - 0.5)
    assert on_one_day(values[None]).tolist() == [values.tolist()]


def test_a_lead_time_between_two_days_keeps_its_quantiles() -> None:
    values = (14.5 + 0.3 * (LEAD_TIME_LEVELS - 0.5))[None]
    assert on_one_day(values).tolist() == values.tolist()


@pytest.mark.parametrize(("half_width", "steady"), [(0.25, True), (0.25 + 1 / 64, False)])
def test_an_inner_range_of_half_a_day_and_a_tail_of_half_a_day_are_still_one_day(
    half_width: float, steady: bool
) -> None:
    values = np.where(LEAD_TIME_LEVELS < 0.5, 14 - half_width, 14 + half_width)
    values[LEAD_TIME_LEVELS == 0.5] = 14.0
    values[0], values[-2], values[-1] = 13.5, 14.5, 14.75
    rounded = on_one_day(values[None])[0]
    assert rounded[1:-2].tolist() == ([14.0] * (len(values) - 3) if steady else values[1:-2].tolist())
    assert rounded[[0, -2, -1]].tolist() == ([14.0, 14.0, 14.75] if steady else [13.5, 14.5, 14.75])

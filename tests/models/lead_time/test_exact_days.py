"""Tests for lead times that hardly vary."""

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

import numpy as np
import pandas as pd

from planning.overrides.kept_forecasts import carried_on, with_actuals
from planning.overrides.override_tables import no_kept_forecasts, shaped_as

WEEKS = pd.date_range("2024-01-01", periods=6, freq="W-MON")


def kept(cutoff: int, periods: range, mean: float, override_id: str = "1") -> pd.DataFrame:
    """Forecasts made with week number `cutoff` as the last one seen, of the weeks numbered `periods`."""
    rows = {
        "override_id": override_id,
        "unique_id": "a",
        "ds": WEEKS[list(periods)],
        "cutoff": WEEKS[cutoff],
        "mean": mean,
        "actual": np.nan,
    }
    return shaped_as(pd.DataFrame(rows), no_kept_forecasts())


def test_each_period_is_kept_as_it_was_last_forecast_before_it_was_over():
    first, second = kept(0, range(1, 4), 10.0), kept(1, range(2, 5), 20.0)
    together = carried_on(first, second, WEEKS[1])
    assert dict(zip(together["ds"], together["mean"], strict=True)) == dict(
        zip(WEEKS[1:5], [10, 20, 20, 20], strict=True)
    )


def test_an_override_that_was_ended_keeps_only_what_is_over():
    first = kept(0, range(1, 4), 10.0)
    assert carried_on(first, no_kept_forecasts(), WEEKS[2])["ds"].tolist() == [WEEKS[1], WEEKS[2]]
    assert carried_on(first, no_kept_forecasts(), WEEKS[0]).empty


def test_a_plan_as_of_an_earlier_day_changes_nothing_that_later_ones_kept():
    later, earlier = kept(2, range(3, 5), 20.0), kept(0, range(1, 4), 10.0)
    together = carried_on(later, earlier, WEEKS[0])
    assert dict(zip(together["ds"], together["mean"], strict=True)) == dict(
        zip(WEEKS[1:5], [10, 10, 20, 20], strict=True)
    )


def test_what_came_is_filled_in_and_stays():
    rows = kept(0, range(1, 4), 10.0)
    came = pd.DataFrame({"unique_id": ["a", "a", "b"], "ds": WEEKS[[1, 2, 3]], "y": [7.0, np.nan, 3.0]})
    once = with_actuals(rows, came)
    np.testing.assert_array_equal(once["actual"], [7, np.nan, np.nan])
    np.testing.assert_array_equal(with_actuals(once, came.assign(y=np.nan))["actual"], [7, np.nan, np.nan])

from dataclasses import replace

import numpy as np
import pandas as pd
from entered_overrides import FORECAST, IDS, WEEK, held
from normal_forecast import MONDAY

from distributions.demand_forecast import DemandForecast
from planning.overrides.forecast_overrides import OverriddenForecast, overridden_forecast, with_means

LATER = 6


def forecast() -> DemandForecast:
    """Three SKUs at 10, 20 and 30 a week for four weeks, and six weeks of means after these."""
    known = FORECAST
    ends = known.ends_days[-1] + 7.0 * np.arange(1, LATER + 1)
    later = np.repeat(known.mean[:, :1], LATER, axis=1)
    return replace(known, later_mean=later, later_ends_days=ends)


def overridden(
    *rows: dict, of: DemandForecast | None = None, last_year: np.ndarray | None = None
) -> tuple[OverriddenForecast, pd.DataFrame]:
    """The forecast with overrides that people entered, and the rows of those in force."""
    known = forecast() if of is None else of
    found = held(*({"kind": "forecast"} | row for row in rows), forecast=known)
    past = np.full((3, 4 + LATER), np.nan) if last_year is None else last_year
    result = overridden_forecast(known, found, past)
    return result, with_means(found.of_skus, found, result)


def test_a_factor_moves_the_year_after_too():
    result, rows = overridden({"unique_id": IDS[1], "factor": 1.5})
    np.testing.assert_allclose(result.forecast.mean[1], 30)
    np.testing.assert_allclose(result.forecast.later_mean[1], 30)
    np.testing.assert_allclose(result.forecast.later_mean[0], 10)
    np.testing.assert_array_equal(result.model_mean[1], 20)
    assert rows[["value", "instead_of"]].to_numpy().tolist() == [[30, 20]]


def test_it_moves_the_periods_meant_only_be_they_beyond_the_horizon():
    ahead = MONDAY + 5 * WEEK
    result, rows = overridden({"unique_id": IDS[0], "factor": 2, "from": ahead, "until": ahead})
    np.testing.assert_allclose(result.forecast.later_mean[0], [10, 20, 10, 10, 10, 10])
    np.testing.assert_allclose(result.forecast.mean[0], 10)
    assert not result.changed.any()
    assert rows["value"].isna().all()


def test_units_of_a_category_are_its_skus_together_whoever_has_one_of_its_own():
    result, _ = overridden({"category": "c", "units": 60}, {"unique_id": IDS[0], "units": 7})
    np.testing.assert_allclose(result.forecast.mean[:, 0], [7, 40, 30])


def test_units_are_shared_equally_where_the_model_expects_nothing():
    nothing = forecast()
    zero = {
        name: 0 * getattr(nothing, name) for name in ("mean", "quantiles", "cumulative_mean", "cumulative")
    }
    result, _ = overridden({"category": "c", "units": 60}, of=replace(nothing, **zero))
    np.testing.assert_allclose(result.forecast.mean[:, 0], [30, 30, 0])


def test_last_year_counts_where_it_is_known():
    past = np.full((3, 4 + LATER), np.nan)
    past[0, :2] = [5, 0]
    result, rows = overridden({"unique_id": IDS[0], "last_year": True}, last_year=past)
    assert result.forecast.mean[0].tolist() == [5, 0, 10, 10]
    assert result.changed[0].tolist() == [True, True, False, False]
    assert rows[["value", "instead_of"]].to_numpy().tolist() == [[2.5, 10]]


def test_whole_units_stay_whole():
    known = forecast()
    whole = replace(known, quantiles=np.round(known.quantiles), cumulative=np.round(known.cumulative))
    result, _ = overridden({"unique_id": IDS[0], "factor": 1.25}, of=whole)
    assert result.forecast.whole_units.all()
    assert (result.forecast.quantiles[0] >= 1.25 * whole.quantiles[0] - 1e-9).all()
    assert (result.forecast.quantiles[0] < 1.25 * whole.quantiles[0] + 1).all()


def test_own_units_bring_a_sku_back_that_the_model_would_not_buy_and_nothing_else_does():
    dead = replace(
        forecast(),
        reason=np.array(["dead", "dead", ""], object),
        demand_class=np.array(["dead", "dead", "smooth"], object),
    )
    result, _ = overridden({"unique_id": IDS[0], "units": 5}, {"category": "c", "units": 9}, of=dead)
    assert result.forecast.reason.tolist() == ["overridden", "dead", ""]
    assert result.forecast.demand_class.tolist() == ["short", "dead", "smooth"]
    doubled, _ = overridden({"unique_id": IDS[0], "factor": 2}, {"unique_id": IDS[1], "units": 0}, of=dead)
    assert doubled.forecast.reason.tolist() == ["dead", "dead", ""]


def test_a_new_sku_and_one_of_a_dead_class_come_back_too_and_keep_what_class_they_can():
    known = replace(
        forecast(),
        reason=np.array(["new_from_category", "", ""], object),
        demand_class=np.array(["smooth", "dead", "smooth"], object),
    )
    result, _ = overridden(*({"unique_id": name, "units": 5} for name in IDS), of=known)
    assert result.forecast.reason.tolist() == ["overridden", "overridden", ""]
    assert result.forecast.demand_class.tolist() == ["smooth", "short", "smooth"]


def test_without_any_override_the_forecast_is_the_same_object():
    known = forecast()
    result, _ = overridden({"unique_id": "nobody", "factor": 2}, of=known)
    assert result.forecast is known

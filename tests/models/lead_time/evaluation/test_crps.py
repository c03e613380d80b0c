"""The censored CRPS of lead times."""

import numpy as np
import pandas as pd
import pytest

from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps


def orders(days: list[float]) -> pd.DataFrame:
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(10 * np.arange(len(days)), "D")
    return pd.DataFrame(
        {"supplier_id": "s", "ordered_at": at, "duration": days, "lead_time": days, "is_open": False}
    )


def test_the_score_of_an_uncensored_point_is_the_absolute_error() -> None:
    grid = np.arange(0.5, 100)
    cdf = cdf_on_grid(np.full((1, 101), 40.0), grid)
    assert censored_crps(cdf, orders([30.0]), grid, np.ones(100))[0] == pytest.approx(10)


def test_a_censored_outcome_is_judged_up_to_its_age_only() -> None:
    grid = np.arange(0.5, 100)
    cdf = cdf_on_grid(np.full((1, 101), 40.0), grid)
    still_open = orders([60.0]).assign(is_open=True)
    assert censored_crps(cdf, still_open, grid, np.ones(100))[0] == pytest.approx(20)

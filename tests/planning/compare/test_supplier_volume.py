"""What will be needed in the coming months: means add up, ranges widen the more SKUs go together."""

import numpy as np
import pandas as pd
import pytest

from planning.compare.supplier_volume import coming_months, error_correlation


@pytest.fixture(scope="module")
def forecast(make_forecast):
    return make_forecast([70.0] * 4, [20.0] * 4, periods=30)


def months(forecast, together, price=2.0, **how):
    return coming_months(
        forecast, np.full(4, price), as_of=pd.Timestamp("2024-01-11"), together=together, **how
    )


def test_months_are_calendar_months_the_first_from_today_on(forecast):
    found = months(forecast, 0.0, months=3)
    assert found["start"].dt.strftime("%m-%d").tolist() == ["01-11", "02-01", "03-01"]
    assert found["money"].tolist() == pytest.approx([21 * 80, 29 * 80, 31 * 80])
    assert found["units"].tolist() == pytest.approx([21 * 40, 29 * 40, 31 * 40])


def test_alone_ranges_add_up_as_variances_and_together_as_deviations(forecast):
    alone, together = (months(forecast, rho, months=2) for rho in (0.0, 1.0))
    width, wider = ((each["high"] - each["low"]).iloc[1] for each in (alone, together))
    one_sku = 2 * 2.0 * 20 * np.sqrt(29 / 7) * 1.2816
    assert width == pytest.approx(2 * one_sku, rel=0.06)  # √4 SKUs
    assert wider == pytest.approx(2 * width, rel=0.01)


def test_how_far_skus_go_together_is_read_off_the_companys_own_spread(forecast):
    alone = 20 * 2 * np.sqrt(4)  # four SKUs, four weeks
    assert error_correlation(forecast, alone, 4) == pytest.approx(0, abs=0.03)
    assert error_correlation(forecast, 2 * alone, 4) == pytest.approx(1, abs=0.05)
    assert 0.2 < error_correlation(forecast, 1.4 * alone, 4) < 0.45

"""The rate of a day is the last one known by then."""

import numpy as np
import pandas as pd

from features.quality.conversion.exchange_rates import ExchangeRates

RATES = pd.DataFrame(
    {
        "currency": ["USD", "JPY", "USD", "EUR", "USD"],
        "ds": pd.to_datetime(["2024-03-01", "2024-01-01", "2024-01-01", "2024-01-01", "2024-02-01"]),
        "rate": [0.93, 0.006, 0.91, 1.0, 0.92],
    }
)


def on(*asked: tuple[str, str]) -> tuple[list[float], list[float]]:
    names, days = zip(*asked, strict=True)
    rate, age = ExchangeRates.read(RATES, "EUR").on(np.array(names, object), np.array(days, "datetime64[ns]"))
    return rate.tolist(), age.tolist()


def test_the_rate_is_that_of_the_day_or_the_last_before() -> None:
    asked = [("USD", "2024-02-01"), ("USD", "2024-02-29"), ("USD", "2030-01-01"), ("JPY", "2024-01-03")]
    rate, age = on(*asked)
    assert rate == [0.92, 0.92, 0.93, 0.006]
    assert age == [0, 28, (pd.Timestamp("2030-01-01") - pd.Timestamp("2024-03-01")).days, 2]


def test_a_later_rate_is_never_taken_nor_one_of_another_currency() -> None:
    rate, age = on(("USD", "2023-12-31"), ("JPY", "2023-12-31"), ("CHF", "2024-05-01"))
    assert np.isnan(rate).all()
    assert np.isnan(age).all()


def test_the_companys_own_currency_is_worth_itself() -> None:
    assert on(("EUR", "1999-01-01")) == ([1.0], [0.0])


def test_without_any_rate_only_the_companys_own_has_one() -> None:
    rates = ExchangeRates.read(RATES.iloc[:0], "EUR")
    rate, _ = rates.on(np.array(["EUR", "USD"], object), np.array(["2024-01-01"] * 2, "datetime64[ns]"))
    assert rate[0] == 1.0
    assert np.isnan(rate[1])

import numpy as np
import pandas as pd
import pytest

from features.contract.parsing import parse
from features.contract.period_names import read_period_names


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-W07", "2025-02-10"),
        ("2025w07", "2025-02-10"),
        ("2025-W07-3", "2025-02-12"),
        ("2025-W01", "2024-12-30"),
        ("2020-W53", "2020-12-28"),
        ("2025-Q2", "2025-04-01"),
        ("2025q4", "2025-10-01"),
    ],
)
def test_a_week_or_quarter_is_read_by_its_first_day(text, day):
    assert read_period_names([text]).tolist() == [np.datetime64(day).item()]
    assert parse(pd.Series([text]), "date").values.tolist() == [pd.Timestamp(day)]


@pytest.mark.parametrize("text", ["2021-W53", "2025-W00", "2025-Q5", "202507", "W07-2025", "2025-W7-9"])
def test_what_names_no_period_is_no_date(text):
    assert np.isnat(read_period_names([text])).all()

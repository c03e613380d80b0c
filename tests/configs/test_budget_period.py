from datetime import date

import pytest

from configs.budget_period import budget_period


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024.0", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1)),
        ("2024q4", date(2024, 10, 1), date(2025, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        (" 2024-12 ", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024-W23", date(2024, 6, 3), date(2024, 6, 10)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
    ],
)
def test_a_period_ends_where_the_next_one_begins(text, first, after):
    assert budget_period(text) == (first, after)


@pytest.mark.parametrize("text", ["", "June", "2024-13", "2024-Q5", "2023-W53", "2024-06-01", "1850", "24"])
def test_what_names_no_period_is_none(text):
    assert budget_period(text) is None

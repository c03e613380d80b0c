"""A change read from a query: each field in its own way of writing, what is wrong with place, value and fix."""

import pandas as pd
import pytest

from planning.what_if.change import Amount, Change
from serving.http.problems import Problem
from serving.what_if.read_change import entered, read_change, shared_query

DAY = pd.Timestamp("2024-07-15")


def read(**query: str) -> Change:
    return read_change(query, "south", DAY)


def test_a_query_without_anything_changes_nothing() -> None:
    assert read().changes_nothing
    assert read(moq="", demand="  ").changes_nothing


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("lead_time_days", "+3", 3.0),
        ("lead_time_days", " 3", 3.0),
        ("lead_time_days", "−2.5", -2.5),
        ("lead_time_days", "-365", -365.0),
        ("spread", "1.5", 1.5),
        ("spread", "+50%", 1.5),
        ("spread", " 50%", 1.5),
        ("demand", "-10 %", 0.9),
        ("demand", "100", 100.0),
        ("price", "2.05", Amount(2.05)),
        ("price", "-5%", Amount(0.95, relative=True)),
        ("moq", "0", Amount(0.0)),
        ("order_multiple", "-50%", Amount(0.5, relative=True)),
        ("target", "0.98", 0.98),
        ("target", "98%", 0.98),
        ("closed_until", "2024-07-16", pd.Timestamp("2024-07-16")),
        ("closed_until", "2025-07-15", pd.Timestamp("2025-07-15")),
    ],
)
def test_a_field_is_read_as_it_is_meant(name, text, value) -> None:
    change = read(**{name: text})
    expected = Change("south", **{name: value})
    if isinstance(value, float):
        assert getattr(change, name) == pytest.approx(value)
    else:
        assert change == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lead_time_days", "soon"),
        ("lead_time_days", "366"),
        ("lead_time_days", "10%"),
        ("spread", "-1"),
        ("spread", "10%"),
        ("spread", "nan"),
        ("demand", "101"),
        ("demand", "-200%"),
        ("price", "-1"),
        ("price", "inf"),
        ("moq", "10%"),
        ("target", "98"),
        ("target", "0"),
        ("closed_until", "tomorrow"),
    ],
)
def test_a_field_that_cannot_be_meant_is_refused_with_place_value_and_fix(name, text) -> None:
    with pytest.raises(Problem, match=rf"^{name} is '{text}', expected .* such as ") as caught:
        read(**{name: text})
    assert caught.value.status == 422


@pytest.mark.parametrize("text", ["2024-07-15", "2025-07-16", "2020-01-01"])
def test_a_supplier_is_closed_until_a_day_of_the_coming_year(text) -> None:
    with pytest.raises(Problem, match="expected a day after the plan's 2024-07-15 and until 2025-07-15"):
        read(closed_until=text)


def test_no_demand_at_all_is_refused() -> None:
    with pytest.raises(Problem, match="demand is 0, expected a factor above 0"):
        read(demand="0")


def test_the_form_keeps_what_was_entered_and_a_plus_that_became_a_blank() -> None:
    texts = entered({"lead_time_days": " 3", "moq": " abc ", "spread": "x"})
    assert (texts["lead_time_days"], texts["moq"], texts["spread"], texts["demand"]) == ("+3", "abc", "x", "")


def test_a_link_to_share_says_what_is_changed_and_nothing_else() -> None:
    query = {"demand": "+10%", "moq": "", "supplier_id": "south", "page": "2"}
    assert shared_query(query) == "demand=%2B10%25&supplier_id=south"
    assert shared_query({}) == ""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.segments.sku_segments import (
    Classes,
    dependable_suppliers,
    segment_matrix,
    share_classes,
    sku_segments,
)

CLASSES = Classes(a_share=0.8, b_share=0.95, x_error=0.3, y_error=0.8)


def classes_of(amounts):
    amounts = np.array(amounts, float)
    ids = np.array([f"s{n}" for n in range(len(amounts))], object)
    return share_classes(amounts, ids, 0.8, 0.95).tolist()


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([70, 20, 6, 4], ["A", "A", "B", "C"]),  # before them 0, 70, 90 and 96 of a hundred
        ([80, 15, 5], ["A", "B", "C"]),  # exactly the bounds: not below any more
        ([100], ["A"]),
        ([0, 0], ["C", "C"]),
        ([5, 80, 15], ["C", "A", "B"]),
        ([], []),
        ([3] * 10, ["A"] * 8 + ["B"] * 2),  # of the same value by id
    ],
)
def test_classes_by_the_share_of_those_above(amounts, expected):
    assert classes_of(amounts) == expected


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_a_items_hold_their_share_and_could_not_be_fewer(amounts):
    found = classes_of(amounts)
    values = np.array(amounts)
    a = values[np.array(found) == "A"]
    assert a.sum() >= 0.8 * values.sum() * (1 - 1e-9)
    assert a.sum() - a.min() < 0.8 * values.sum()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_classes_do_not_depend_on_the_order_and_never_rise_with_less_value(values):
    value = np.array(values)
    ids = np.array([f"s{n:02d}" for n in range(len(value))], object)
    named = share_classes(value, ids, 0.8, 0.95)
    assert share_classes(value[::-1].copy(), ids[::-1], 0.8, 0.95).tolist() == named[::-1].tolist()
    ranked = named[np.argsort(-value, kind="stable")].tolist()
    assert ranked == sorted(ranked)


def facts(**columns):
    base = {"unique_id": ["a", "b", "c"], "supplier_id": ["s", "t", None], "category": ["x", "x", None]}
    numbers = {
        "value_year": [90.0, 8.0, np.nan],
        "units_year": [1.0, 90.0, 9.0],
        "forecast_error": [0.3, 0.5, np.nan],
    }
    return pd.DataFrame(base | numbers | columns)


def test_a_sku_has_a_class_by_value_by_units_and_by_forecast_error():
    table = sku_segments(facts(), pd.Series({"s": "erratic"}), CLASSES).set_index("unique_id")
    assert table["segment"].to_dict() == {"a": "AX", "b": "BY", "c": "CZ"}
    assert table["abc_units"].to_dict() == {"a": "C", "b": "A", "c": "B"}
    assert table["supplier"].to_dict() == {"a": "erratic", "b": "not known", "c": "not known"}
    assert table["value_share"].tolist() == pytest.approx([90 / 98, 8 / 98, 0.0])


def test_bounds_of_the_forecast_error_are_in_their_class():
    table = sku_segments(facts(forecast_error=[0.3, 0.8, 0.81]), pd.Series(dtype=object), CLASSES)
    assert table["xyz"].tolist() == ["X", "Y", "Z"]


def test_suppliers_are_dependable_by_their_promises_or_by_how_steady_they_are():
    card = pd.DataFrame(
        {
            "supplier_id": list("abcdef"),
            "on_time_shrunk": [0.85, 0.84, np.nan, np.nan, np.nan, 0.99],
            "lead_time_mean": [10.0, 10.0, 10.0, 10.0, np.nan, 10.0],
            "lead_time_sd": [9.0, 1.0, 3.5, 3.6, np.nan, 1.0],
            "state": ["", "", "", "", "", "eroding"],
        }
    )
    assert dependable_suppliers(card).to_dict() == {
        "a": "dependable", "b": "erratic", "c": "dependable", "d": "erratic", "e": "not known", "f": "erratic",
    }  # fmt: skip


def test_the_matrix_has_every_cell_and_adds_up():
    matrix = segment_matrix(sku_segments(facts(), pd.Series(dtype=object), CLASSES))
    assert len(matrix) == 9
    assert matrix["skus"].sum() == 3
    assert matrix["value"].sum() == pytest.approx(98.0)
    assert matrix.set_index(["abc", "xyz"])["value"][("A", "X")] == 90.0

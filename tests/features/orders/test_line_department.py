import numpy as np
import pandas as pd

from features.orders.line_department import line_department

LINES = pd.DataFrame(
    {
        "order_id": ["po1", "po1", "po2", "po3", "po4"],
        "line": ["1", "2", "1", "1", "1"],
        "unique_id": ["a", "b", "a", "a", "c"],
        "department": [None, "kitchen", None, None, None],
    }
)
ITEMS = pd.DataFrame({"unique_id": ["a", "b", "c"], "department": ["shop", "shop", None]})


def approvals(*rows):
    frame = pd.DataFrame(rows, columns=["order_id", "department", "at"])
    return frame.assign(at=pd.to_datetime(frame["at"]))


def test_a_lines_own_department_goes_before_who_asked_and_that_before_its_skus():
    asked = approvals(("po1", "bar", "2024-01-01"), ("po2", "garden", "2024-01-01"))
    assert line_department(LINES, asked, ITEMS).tolist() == ["bar", "kitchen", "garden", "shop", None]


def test_of_several_approvals_the_earliest_that_names_a_department_counts_whatever_their_order():
    asked = approvals(
        ("po1", "late", "2024-01-03"), ("po1", None, "2024-01-01"), ("po1", "early", "2024-01-02"),
        ("po2", "undated", None), ("po2", "dated", "2024-01-09"), ("po3", "b", "2024-01-05"), ("po3", "a", "2024-01-05"),
    )  # fmt: skip
    expected = ["early", "kitchen", "dated", "a", None]
    assert line_department(LINES, asked, ITEMS).tolist() == expected
    assert line_department(LINES, asked.iloc[::-1], ITEMS.iloc[::-1]).tolist() == expected


def test_tables_and_columns_that_are_not_there_say_nothing():
    nothing = pd.DataFrame()
    assert line_department(LINES, nothing, nothing).tolist() == [None, "kitchen", None, None, None]
    bare = LINES.drop(columns="department")
    assert line_department(bare, approvals(), ITEMS).tolist() == ["shop", "shop", "shop", "shop", None]
    undated = approvals(("po4", "z", None), ("po4", "y", None)).drop(columns="at")
    assert line_department(bare, undated, ITEMS).tolist()[-1] == "y"
    assert line_department(LINES.iloc[:0], approvals(), ITEMS).tolist() == []


def test_missing_departments_are_none_and_not_nan():
    found = line_department(LINES.assign(department=np.nan), approvals(), ITEMS)
    assert found.dtype == object
    assert found[-1] is None

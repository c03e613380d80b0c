"""Write-offs of which only the sum is known: as goods came, and never what is sold later."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.stock_value.write_offs import dated_write_offs

DAY = pd.Timestamp


def moves(*rows: tuple, sku: str = "a") -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["at", "quantity"]).astype(
        {"at": "datetime64[ns]", "quantity": float}
    )
    return frame.assign(unique_id=sku)


def test_they_follow_what_came_month_by_month() -> None:
    # 10 and 30 came, 4 and 20 were sold, 8 of the 16 left are gone: 8·10/40 by the end of January
    moved = moves(("2024-01-05", 10), ("2024-01-20", -4), ("2024-02-03", 30), ("2024-02-25", -20))
    found = dated_write_offs(moved[::-1], pd.Series({"a": 8.0, "b": 0.0}), DAY("2024-02-27 10:00"))
    assert found["unique_id"].tolist() == ["a", "a"]
    assert found["at"].tolist() == [DAY("2024-01-31"), DAY("2024-02-27")]
    assert found["quantity"].tolist() == [-2, -6]


def test_what_is_sold_later_is_not_written_off_before() -> None:
    # by the end of January 5 of the 10 that came are there; February sells 4 of them before more comes: 1 is spare
    moved = moves(("2024-01-05", 10), ("2024-01-20", -5), ("2024-02-03", -4), ("2024-02-25", 10))
    found = dated_write_offs(moved, pd.Series({"a": 8.0}), DAY("2024-02-29"))
    assert found["quantity"].tolist() == [-1, -7]


def test_a_days_sales_are_counted_after_its_receipts() -> None:
    moved = moves(
        ("2024-01-05", -4), ("2024-01-05", 10), ("2024-02-05", -4), ("2024-02-05", 4), ("2024-03-01", 1)
    )
    found = dated_write_offs(moved, pd.Series({"a": 6.0}), DAY("2024-03-31"))
    assert found["quantity"].tolist() == pytest.approx([-6 * 10 / 15, -6 * 4 / 15, -6 * 1 / 15])


def test_nothing_unexplained_is_nothing_written_off() -> None:
    moved = moves(("2024-01-05", 10))
    assert dated_write_offs(moved, pd.Series({"a": 0.0}), DAY("2024-02-01")).empty
    assert dated_write_offs(moved[:0], pd.Series(dtype=float), DAY("2024-02-01")).empty


ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 150), st.integers(1, 20), st.booleans()),
    min_size=1,
    max_size=25,
)


@settings(deadline=None, max_examples=50)
@given(ROWS, st.floats(0.01, 1.0))
def test_they_sum_up_and_never_take_stock_below_where_sales_alone_would(rows, share) -> None:
    frame = pd.DataFrame(rows, columns=["unique_id", "day", "units", "comes"])
    moved = pd.DataFrame(
        {
            "unique_id": frame["unique_id"],
            "at": DAY("2024-01-01") + pd.to_timedelta(frame["day"], unit="D"),
            "quantity": np.where(frame["comes"], frame["units"], -frame["units"]).astype(float),
        }
    )
    net = moved.groupby("unique_id")["quantity"].sum().clip(lower=0.0) * share
    found = dated_write_offs(moved, net, DAY("2024-06-30"))
    assert (found["quantity"] < 0).all()
    assert -found.groupby("unique_id")["quantity"].sum().to_numpy() == pytest.approx(net[net > 0].to_numpy())
    both = pd.concat([moved.assign(gone=0), found.assign(gone=1)], ignore_index=True)
    both["out"] = both["quantity"] < 0
    both = both.sort_values(["unique_id", "at", "gone", "out"], kind="stable")
    stock = both.groupby("unique_id")["quantity"].cumsum()
    alone = both["quantity"].where(both["gone"] == 0, 0.0).groupby(both["unique_id"]).cumsum()
    assert (stock >= np.minimum(alone, 0.0) - 1e-9).all()

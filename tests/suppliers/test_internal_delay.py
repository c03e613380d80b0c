"""What the company's own waiting costs."""

import pandas as pd
import pytest

from suppliers.internal_delay import internal_delay

ITEMS = pd.DataFrame(
    {
        "unique_id": ["a", "b"],
        "unit_cost": [36.5, 10.0],
        "holding_cost": [None, 0.7],
        "holding_cost_rate": None,
    }
).astype({"holding_cost": float, "holding_cost_rate": float})


def orders(**dates: list[str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "supplier_id": ["s", "t"],
            "unique_id": ["a", "b"],
            "quantity_ordered": [10.0, 2.0],
            "unit_price": 1.0,
        }
    )
    return frame.assign(**{name: pd.to_datetime(pd.Series(values)) for name, values in dates.items()})


def delays(frame: pd.DataFrame) -> pd.DataFrame:
    return internal_delay(frame, ITEMS, holding_cost_rate=0.1, period_days=7.0).set_index(
        ["stage", "supplier_id"]
    )


def test_it_is_days_times_units_times_holding_cost() -> None:
    frame = orders(
        created_at=["2024-01-01", "2024-01-01"],
        sent_at=["2024-01-03", "2024-01-06"],
        received_at=[None, None],
    )
    table = delays(frame)
    assert table.loc[("before_sending", "s"), "cost"] == pytest.approx(2 * 10 * 36.5 * 0.1 / 365)
    assert table.loc[("before_sending", "t"), "cost"] == pytest.approx(5 * 2 * 0.1)
    assert table.loc[("before_sending", ""), "unit_days"] == 30
    assert "after_receipt" not in table.index.get_level_values("stage")


def test_goods_wait_from_their_arrival_whatever_ends_the_clock() -> None:
    frame = orders(
        received_at=["2024-01-09", "2024-01-09"],
        arrived_at=["2024-01-05", "2024-01-09"],
        put_away_at=["2024-01-09", None],
    )
    table = delays(frame)
    assert table.loc[("after_receipt", "s"), "days_mean"] == 4
    assert table.loc[("after_receipt", ""), "lines"] == 1

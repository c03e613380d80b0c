import pandas as pd
import pytest

from features.contract.tables import Tables, empty_table
from training.horizon import choose_horizon


def _tables(contract: list[float] | None = None, days: list[float] | None = None) -> Tables:
    offers, orders = empty_table("offers"), empty_table("purchase_orders")
    if contract:
        offers = pd.DataFrame({"lead_time_days": contract})
    if days:
        start = pd.Timestamp("2023-01-02")
        received = [start + pd.Timedelta(days=d) for d in days]
        orders = pd.DataFrame({"ordered_at": start, "received_at": received})
    return Tables(offers=offers, purchase_orders=orders)


def test_the_horizon_covers_the_longest_lead_time_and_the_review() -> None:
    assert choose_horizon(_tables(days=[10.0] * 50 + [91.0] * 50), 7.0, "W-MON", 200) == 14


def test_the_longer_of_contract_and_past_lead_times_holds() -> None:
    assert choose_horizon(_tables(contract=[105.0], days=[70.0]), 7.0, "W-MON", 200) == 16


@pytest.mark.parametrize(("freq", "least"), [("W-MON", 8), ("D", 56), ("MS", 2)])
def test_without_lead_times_it_is_eight_weeks(freq: str, least: int) -> None:
    assert choose_horizon(_tables(), 7.0, freq, 1000) == least


@pytest.mark.parametrize(("freq", "most"), [("W-MON", 53), ("MS", 13)])
def test_it_is_a_year_at_most(freq: str, most: int) -> None:
    assert choose_horizon(_tables(contract=[900.0]), 30.0, freq, 1000) == most


@pytest.mark.parametrize(("periods", "horizon"), [(30, 10), (3, 1), (1, 1)])
def test_a_short_history_keeps_room_for_a_backtest(periods: int, horizon: int) -> None:
    assert choose_horizon(_tables(contract=[200.0]), 7.0, "W-MON", periods) == horizon

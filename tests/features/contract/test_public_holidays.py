"""Public holidays of the config's country are events of demand, each by name, any of them, and their eves."""

import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.public_holidays import ANY, EVE, public_holidays
from features.contract.tables import DataError, Tables
from features.demand.panel_from_tables import make_panel


def days_of(events: pd.DataFrame, name: str) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in events.loc[events["name"] == name, "ds"]]


def test_holidays_of_a_span_come_by_name_with_any_and_their_eves() -> None:
    events = public_holidays("DE", pd.Timestamp("2023-12-24"), pd.Timestamp("2024-04-01"))
    assert days_of(events, "Good Friday") == ["2024-03-29"]
    assert days_of(events, ANY) == ["2023-12-25", "2023-12-26", "2024-01-01", "2024-03-29", "2024-04-01"]
    assert days_of(events, EVE) == ["2023-12-24", "2023-12-25", "2023-12-31", "2024-03-28", "2024-03-31"]


def test_an_eve_in_the_year_before_belongs_to_a_holiday_of_the_next() -> None:
    events = public_holidays("DE", pd.Timestamp("2023-12-30"), pd.Timestamp("2023-12-31"))
    assert days_of(events, EVE) == ["2023-12-31"]
    assert days_of(events, ANY) == []


def test_a_subdivision_has_holidays_of_its_own() -> None:
    span = pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-10")
    assert days_of(public_holidays("DE", *span), "Epiphany") == []
    assert days_of(public_holidays("de-by", *span), "Epiphany") == ["2024-01-06"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("Germany", "no country 'GERMANY'; give an ISO code"),
        ("DE-BA", "no subdivision 'BA'; give one, as DE-HB, or DE"),
    ],
)
def test_an_unknown_place_is_named_with_what_there_is(place: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        public_holidays(place, pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01"))


def test_a_holiday_has_one_name_whether_its_day_is_known_or_estimated() -> None:
    events = public_holidays("AE", pd.Timestamp("2024-01-01"), pd.Timestamp("2028-12-31"))
    assert {day.year for day in events.loc[events["name"] == "Eid al-Fitr", "ds"]} == {
        2024,
        2025,
        2026,
        2027,
        2028,
    }


def test_subdivisions_are_found_however_they_are_written() -> None:
    span = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
    assert len(public_holidays("br-são paulo capital", *span)) > len(public_holidays("BR", *span))


def tables(freq: str, periods: int) -> Tables:
    empty, ds = Tables(), pd.date_range("2024-03-25", periods=periods, freq=freq)
    demand = pd.DataFrame({"unique_id": "a", "ds": ds, "y": 1.0}).reindex(columns=empty.demand.columns)
    events = pd.DataFrame({"ds": [ds[0]], "name": ["fair"]}).reindex(columns=empty.events.columns)
    return Tables(demand=demand.astype(empty.demand.dtypes), events=events.astype(empty.events.dtypes))


def test_a_panel_has_them_beside_the_events_of_the_tables_and_beyond_its_end() -> None:
    panel = make_panel(tables("D", 5), DataConfig(freq="D", holidays="DE"), horizon=4)
    assert panel.events["fair"][0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert panel.events["Good Friday"][0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert panel.events[ANY][0].tolist() == [0, 0, 0, 0, 1, 0, 0, 1, 0]
    assert set(make_panel(tables("D", 5), DataConfig(freq="D"), horizon=4).events) == {"fair"}


def test_weeks_have_holidays_and_months_do_not() -> None:
    weekly = make_panel(tables("W-MON", 3), DataConfig(freq="W-MON", holidays="DE"))
    assert weekly.events[ANY][0].tolist() == [1, 1, 0]
    monthly = make_panel(tables("MS", 3), DataConfig(freq="MS", holidays="DE"))
    assert set(monthly.events) == {"fair"}

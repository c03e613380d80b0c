"""Days of time stamps with an offset are the days they say; midnights of elsewhere are asked about."""

import pandas as pd
import pytest
from small_company import CONFIG, SmallCompany, run
from sqlalchemy import create_engine

DAYS = pd.date_range("2024-09-01", periods=120, freq="D")
MIDNIGHTS = DAYS.tz_localize("Europe/Berlin")


def daily(company: SmallCompany, stamps: pd.Index) -> None:
    """Demand of two SKUs by day, Mondays twice as high, at these time stamps; the summer time ends in between."""
    y = [20 if day.dayofweek == 0 else 10 for day in DAYS]
    company.tables = {
        "demand": pd.DataFrame(
            {"unique_id": ["B1"] * 120 + ["B2"] * 120, "ds": [*stamps, *stamps], "y": [*y, *y]}
        )
    }


def test_local_midnights_with_offset_keep_their_days_through_the_clock_change(
    untrained_company: SmallCompany,
) -> None:
    daily(untrained_company, MIDNIGHTS.map(lambda stamp: stamp.isoformat()))
    done = untrained_company.check()
    assert done.status == 0, done.text
    assert "demand  240   2024-09-01  2024-12-29" in done.text
    assert "warnings" not in done.text


def test_the_same_midnights_in_utc_are_refused_until_the_config_names_their_zone(
    untrained_company: SmallCompany,
) -> None:
    daily(untrained_company, MIDNIGHTS.tz_convert("UTC").map(lambda stamp: f"{stamp:%Y-%m-%dT%H:%M:%SZ}"))
    done = untrained_company.check()
    assert done.status == 1
    assert (
        "demand.csv row 2: ds is 2024-08-31T22:00:00Z, which is 2024-08-31 as written and 2024-09-01"
        in done.text
    )
    assert "set data.timezone in the config" in done.text
    untrained_company.config.write_text(f"{CONFIG}data: {{timezone: Europe/Berlin}}\n")
    assert "demand  240   2024-09-01  2024-12-29" in untrained_company.check().text


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC"])
def test_a_parquet_column_with_a_zone_is_read_in_it_or_asked_about(
    untrained_company: SmallCompany, zone: str
) -> None:
    daily(untrained_company, MIDNIGHTS.tz_convert(zone))
    untrained_company.write()
    untrained_company.tables.pop("demand").to_parquet(untrained_company.data / "demand.parquet", index=False)
    (untrained_company.data / "demand.csv").unlink()
    done = untrained_company.check()
    if zone == "UTC":
        assert (
            "demand.parquet row 1: ds is 2024-08-31 22:00:00+00:00, which is 2024-08-31 as written"
            in done.text
        )
        untrained_company.config.write_text(f"{CONFIG}data: {{timezone: Europe/Berlin}}\n")
        done = untrained_company.check()
    assert done.status == 0, done.text
    assert "demand  240   2024-09-01  2024-12-29" in done.text


def test_a_database_of_local_midnights_keeps_its_days(untrained_company: SmallCompany) -> None:
    daily(untrained_company, MIDNIGHTS.map(lambda stamp: stamp.isoformat()))
    address = f"sqlite:///{untrained_company.data / 'company.db'}"
    engine = create_engine(address)
    untrained_company.tables["demand"].to_sql("demand", engine, index=False)
    engine.dispose()
    done = run("check", address, "--config", untrained_company.config)
    assert done.status == 0, done.text
    assert "demand  240   2024-09-01  2024-12-29" in done.text


def test_orders_stamped_in_two_zones_are_refused_and_their_zone_can_be_stated(
    small_company: SmallCompany,
) -> None:
    orders = small_company.tables["purchase_orders"]
    orders["received_at"] = [
        f"{day:%Y-%m-%d}T23:30:00{'+01:00' if row % 2 else '-05:00'}"
        for row, day in enumerate(orders["received_at"])
    ]
    done = small_company.check()
    assert done.status == 1
    assert (
        "purchase_orders.csv row 3: received_at is 2024-02-05T23:30:00+01:00, while other times" in done.text
    )
    assert "offset −05:00" in done.text
    small_company.config.write_text(f"{CONFIG}data: {{timezone: America/New_York}}\n")
    assert small_company.check().status == 0


def test_midnights_with_and_without_a_summer_time_offset_give_the_same_plan(
    small_company: SmallCompany,
) -> None:
    assert small_company.plan().status == 0
    before = small_company.table()["reorder_point"].tolist()
    for name, column in (("demand", "ds"), ("purchase_orders", "received_at"), ("stock", "as_of")):
        table = small_company.tables[name]
        stamps = pd.to_datetime(table[column]).dt.tz_localize("Europe/Berlin")
        table[column] = stamps.map(lambda stamp: stamp.isoformat())
    done = small_company.plan()
    assert done.status == 0, done.text
    assert small_company.table()["reorder_point"].tolist() == before

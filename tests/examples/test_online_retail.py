from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from configs.load import load_config
from database.sources.load_tables import load_tables
from examples import online_retail
from features.contract.tables import DataError

MONDAY, SUNDAY = "2011-01-03 09:00", "2011-01-16 15:00"


def invoices(*rows: tuple[str, int, str, float, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"])


def weekly(*rows: tuple[str, int, str, float, float | None]) -> dict[tuple[str, str], float]:
    """Demand by product and week, framed by two lines of another product that make two whole weeks."""
    frame = invoices(("FRAME", 1, MONDAY, 1.0, 1.0), *rows, ("FRAME", 1, SUNDAY, 1.0, 1.0))
    demand = online_retail.tables(frame)["demand"]
    demand = demand[demand["unique_id"] != "frame"]
    keys = zip(demand["unique_id"], demand["ds"].dt.strftime("%m-%d"), strict=True)
    return dict(zip(keys, demand["y"], strict=True))


def test_demand_is_summed_by_week_from_monday() -> None:
    assert weekly(
        ("RED BIRD", 4, "2011-01-04 10:00", 2.0, 5.0),
        ("RED BIRD", 3, "2011-01-09 12:00", 2.0, 6.0),
        ("RED BIRD", 2, "2011-01-10 08:00", 2.0, 7.0),
    ) == {("red-bird", "01-03"): 7, ("red-bird", "01-10"): 2}


def test_a_cancellation_takes_back_the_order_it_cancels() -> None:
    assert weekly(
        ("BIRD", 80995, "2011-01-04 09:15", 2.08, 5.0),
        ("BIRD", 2, "2011-01-04 09:20", 2.08, 5.0),
        ("BIRD", -80995, "2011-01-04 09:27", 2.08, 5.0),
    ) == {("bird", "01-03"): 2}


def test_a_return_of_what_was_never_bought_is_left_out() -> None:
    assert weekly(
        ("BIRD", -6, "2011-01-03 10:00", 2.0, 5.0),
        ("BIRD", 6, "2011-01-04 10:00", 2.0, 5.0),
        ("BIRD", -6, "2011-01-05 10:00", 2.0, 9.0),
    ) == {("bird", "01-03"): 6}


def test_services_and_stock_adjustments_are_no_products() -> None:
    assert (
        weekly(
            ("POSTAGE", 1, "2011-01-04 10:00", 18.0, 5.0),
            ("Dotcomgiftshop Gift Voucher £20.00", 1, "2011-01-04 10:00", 17.0, None),
            ("damaged", 50, "2011-01-04 10:00", 0.0, None),
        )
        == {}
    )


def test_weeks_that_the_file_cuts_are_left_out() -> None:
    at = pd.Series(pd.to_datetime(["2010-12-01 08:26", "2011-12-09 12:50"]))
    assert online_retail.whole_weeks(at) == (pd.Timestamp("2010-12-06"), pd.Timestamp("2011-11-28"))
    whole = pd.Series(pd.to_datetime([MONDAY, SUNDAY]))
    assert online_retail.whole_weeks(whole) == (pd.Timestamp("2011-01-03"), pd.Timestamp("2011-01-10"))


def test_too_few_days_for_a_week_are_refused() -> None:
    with pytest.raises(DataError, match="holds no whole week"):
        online_retail.tables(invoices(("BIRD", 1, "2011-01-04 10:00", 2.0, 5.0)))


def test_both_editions_of_the_file_are_read(tmp_path: Path) -> None:
    frame = invoices(("BIRD", 1, "12/1/2010 8:26", 2.0, 5.0))
    frame.to_csv(tmp_path / "first.csv", index=False)
    frame.rename(columns={"UnitPrice": "Price", "CustomerID": "Customer ID"}).to_csv(
        tmp_path / "second.csv", index=False
    )
    assert len(online_retail.read(tmp_path)) == 2


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(DataError, match="InvoiceDate"):
        online_retail.tables(invoices(("BIRD", 1, "yesterday or so", 2.0, 5.0)))


def test_the_shared_file_passes_the_contract_whole(raw: Callable[[str], Path], tmp_path: Path) -> None:
    online_retail.main([str(raw("online_retail")), str(tmp_path)])
    checked = load_tables(str(tmp_path), load_config(Path("configs/online_retail.yaml")).data)
    assert not checked.quarantine
    assert checked.freq == "W-MON"
    assert checked.tables.demand["y"].max() < 10_000, "the bird that was cancelled is no demand"

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from configs.load import load_config
from database.sources.load_tables import load_tables
from examples import scms
from features.contract.tables import DataError

LINE = {
    "PO / SO #": "SCMS-4",
    "ASN/DN #": "ASN-8",
    "Country": "Côte d'Ivoire",
    "Fulfill Via": "Direct Drop",
    "Vendor INCO Term": "EXW",
    "Shipment Mode": "Air",
    "PO Sent to Vendor Date": "11/13/06",
    "Scheduled Delivery Date": "14-Dec-06",
    "Delivered to Client Date": "14-Dec-06",
    "Product Group": "ARV",
    "Sub Classification": "Adult",
    "Vendor": "Aurobindo Pharma Limited",
    "Item Description": "Efavirenz 600mg, tablets, 30 Tabs",
    "Molecule/Test Type": "Efavirenz",
    "Dosage Form": "Tablet",
    "Line Item Quantity": 100,
    "Line Item Value": 1000.0,
    "Pack Price": 10.0,
}
OTHER = {
    "Item Description": "Nevirapine 200mg, tablets, 60 Tabs",
    "Line Item Quantity": 500,
    "Line Item Value": 900.0,
}


def lines(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**LINE, **change} for change in changes])


def test_a_shipment_of_several_lines_is_one_row_of_its_item_of_most_value() -> None:
    again = {"Line Item Quantity": 50, "Line Item Value": 500.0}
    orders = scms.tables(lines({}, OTHER, again))["purchase_orders"]
    assert len(orders) == 1
    row = orders.iloc[0]
    assert (row["order_id"], row["line"]) == ("SCMS-4", "ASN-8")
    assert row["unique_id"] == "efavirenz-600mg-tablets-30-tabs"
    assert row["quantity_ordered"] == 150
    assert row["items_in_shipment"] == 2
    assert row["value"] == 2400


def test_the_scheduled_date_is_a_later_promise_never_the_first() -> None:
    orders = scms.tables(lines({}))["purchase_orders"]
    assert "promised_at" not in orders
    assert orders["repromised_at"].tolist() == [pd.Timestamp("2006-12-14")]
    assert orders["received_at"].tolist() == [pd.Timestamp("2006-12-14")]


def test_an_order_without_a_delivery_date_is_open() -> None:
    done = {"PO / SO #": "SCMS-5"}
    orders = scms.tables(lines({"Delivered to Client Date": None, "Scheduled Delivery Date": None}, done))[
        "purchase_orders"
    ]
    assert orders["received_at"].isna().tolist() == [True, False]
    assert orders["quantity_received"].isna().tolist() == [True, False]


def test_lines_without_a_po_date_are_demand_but_no_purchase_orders() -> None:
    uncaptured = {"PO / SO #": "SCMS-6", "PO Sent to Vendor Date": "Date Not Captured"}
    warehouse = {"PO / SO #": "SO-7", "PO Sent to Vendor Date": "N/A - From RDC", "Fulfill Via": "From RDC"}
    tables = scms.tables(lines({}, uncaptured, warehouse))
    assert tables["purchase_orders"]["order_id"].tolist() == ["SCMS-4"]
    assert tables["demand"]["y"].tolist() == [300], "100 packs from each, in December 2006"
    assert tables["demand"]["ds"].tolist() == [pd.Timestamp("2006-12-01")]


def test_column_names_in_lower_case_and_iso_dates_are_taken(tmp_path: Path) -> None:
    frame = lines({"PO Sent to Vendor Date": "2006-11-13"}).rename(columns=str.lower)
    frame.to_csv(tmp_path / "Supply_Chain_Shipment_Pricing_Data.csv", index=False, encoding="latin-1")
    orders = scms.tables(scms.read(tmp_path))["purchase_orders"]
    assert orders["ordered_at"].tolist() == [pd.Timestamp("2006-11-13")]


def test_a_date_that_is_none_is_named_with_its_row() -> None:
    with pytest.raises(DataError, match="row 3: Delivered to Client Date is 'soon'"):
        scms.tables(lines({}, {"Delivered to Client Date": "soon"}))


def test_two_copies_of_the_file_are_refused(tmp_path: Path) -> None:
    for name in ("scms_2014.csv", "scms_2015.csv"):
        lines({}).to_csv(tmp_path / name, index=False)
    with pytest.raises(DataError, match="2 SCMS files"):
        scms.read(tmp_path)


def test_the_shared_file_gives_the_protocols_shipments(raw: Callable[[str], Path], tmp_path: Path) -> None:
    scms.main([str(raw("scms")), str(tmp_path)])
    checked = load_tables(str(tmp_path), load_config(Path("configs/scms.yaml")).data)
    orders = checked.tables.purchase_orders
    year = orders["ordered_at"].dt.year
    assert ((year == 2011).sum(), (year == 2012).sum()) == (416, 421)
    assert not orders.duplicated(["order_id", "line"]).any()
    quarantined = {
        name: bad["reason"].str.contains("before ordered_at").all()
        for name, bad in checked.quarantine.items()
    }
    assert quarantined == {"purchase_orders": True}, "delivered before ordered: an error of the source"
    assert checked.freq == "MS"

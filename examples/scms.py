"""USAID SCMS delivery history: HIV and malaria medicines bought for some forty countries, 2006 on.

`python -m examples.scms RAW OUT`, with the file as it stood on a day (open orders without a delivery date) or
complete. Everything is real; these are the readings that the file leaves open:

- **A purchase order row is a shipment**: (`PO / SO #`, `ASN/DN #`) are `order_id` and `line`, because all lines of
  one shipment arrive together and would count one delay many times. Where a shipment holds several items (one in
  twelve), its row carries the item of most value, with that item's packs; `items_in_shipment` and `value` speak of
  the whole.
- Only *Direct Drop* lines are orders to a vendor. Lines from the programme's own warehouse ("N/A - From RDC") and
  those whose PO date is "Date Not Captured" have no `ordered_at` and are no purchase orders; they count as demand.
- `promised_at`, the *first* promise, is not in the file and stays empty. `Scheduled Delivery Date` was revised
  until it equalled the outcome in most rows: it is the last promise, `repromised_at`, and tells nothing beforehand.
- Lead times of zero days are placeholders, some are negative. They are handed on as they stand: the contract and the
  trust report deal with them.
- **Demand** has no table of its own. It is built as packs delivered to clients by item and calendar month, from
  warehouse and direct lines alike; a month without a delivery is a month of no demand. It lags true need by the
  lead time, and is lumpy as deliveries are.

Stock, offers and contract lead times are not in the file, and none are made up.
"""

from pathlib import Path

import pandas as pd

from examples.files import find_files, need_columns, read_file, run, slug
from features.contract.tables import DataError

_COLUMNS = (
    "PO / SO #",
    "ASN/DN #",
    "Country",
    "Fulfill Via",
    "Vendor INCO Term",
    "Shipment Mode",
    "PO Sent to Vendor Date",
    "Scheduled Delivery Date",
    "Delivered to Client Date",
    "Product Group",
    "Sub Classification",
    "Vendor",
    "Item Description",
    "Molecule/Test Type",
    "Dosage Form",
    "Line Item Quantity",
    "Line Item Value",
    "Pack Price",
)
_COVARIATES = {
    "Country": "country",
    "Shipment Mode": "shipment_mode",
    "Vendor INCO Term": "inco_term",
    "Product Group": "product_group",
    "Sub Classification": "sub_classification",
}
_DATE_FORMATS = ("%d-%b-%y", "%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d", "ISO8601")
"""Two-digit ones are of the published file, the others of copies that went through a spreadsheet or a database."""
_NO_DATE = ("", "N/A - From RDC", "Date Not Captured")


def read(raw: Path) -> pd.DataFrame:
    """Read the SCMS delivery history in the folder `raw`, columns named as published whatever their case.

    Raises
    ------
    DataError
        When the file is missing, unreadable, given twice, or lacks a column.
    """
    paths = find_files(raw, "", (".csv", ".xlsx"))
    if len(paths) > 1:
        raise DataError(f"{raw}: {len(paths)} SCMS files ({paths[0].name}, {paths[1].name}, …); leave one")
    frame = read_file(paths[0])
    published = {name.lower(): name for name in _COLUMNS}
    frame = frame.rename(columns=lambda name: published.get(str(name).strip().lower(), name))
    need_columns(frame, _COLUMNS, str(paths[0]))
    return frame


def tables(raw: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Turn the SCMS delivery history, one line item a row, into the contract's tables.

    Raises
    ------
    DataError
        When a date is neither a date nor one of the file's own words for "none".
    """
    lines = raw.assign(
        unique_id=slug(raw["Item Description"]),
        ordered_at=_dates(raw, "PO Sent to Vendor Date"),
        repromised_at=_dates(raw, "Scheduled Delivery Date"),
        received_at=_dates(raw, "Delivered to Client Date"),
    )
    orders = _shipments(lines[lines["ordered_at"].notna() & (lines["Fulfill Via"] == "Direct Drop")])
    vendors = orders["supplier_id"].drop_duplicates().sort_values(ignore_index=True)
    return {
        "demand": _demand(lines),
        "items": _items(lines),
        "suppliers": pd.DataFrame({"supplier_id": vendors, "name": vendors}),
        "purchase_orders": orders,
    }


def _dates(raw: pd.DataFrame, column: str) -> pd.Series:
    """Dates of a column of the SCMS file in any of the formats seen, NaT for the file's own words for "none"."""
    text = raw[column].fillna("").astype(str).str.strip()
    dates = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[ns]")
    for form in _DATE_FORMATS:
        dates = dates.fillna(pd.to_datetime(text.where(dates.isna()), format=form, errors="coerce"))
    wrong = dates.isna() & ~text.isin(_NO_DATE) & ~text.str.startswith("N/A")
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            f"SCMS row {row + 2}: {column} is {text.iloc[row]!r}, expected a date such as 2-Jun-06"
        )
    return dates


def _demand(lines: pd.DataFrame) -> pd.DataFrame:
    """The `demand` table of SCMS: packs delivered, by item and month."""
    done = lines[lines["received_at"].notna()]
    month = done["received_at"].dt.to_period("M").dt.to_timestamp()
    packs = done.groupby(["unique_id", month.rename("ds")])["Line Item Quantity"].sum()
    return packs.rename("y").astype(float).reset_index()


def _items(lines: pd.DataFrame) -> pd.DataFrame:
    """The `items` table of SCMS, one row an item; what a pack costs is the median over its deliveries."""
    of_item = lines.groupby("unique_id")
    return pd.DataFrame(
        {
            "description": of_item["Item Description"].first(),
            "category": of_item["Sub Classification"].first(),
            "unit_cost": of_item["Pack Price"].median().where(lambda price: price > 0),
            "department": of_item["Product Group"].first(),
            "molecule": of_item["Molecule/Test Type"].first(),
            "dosage_form": of_item["Dosage Form"].first(),
        }
    ).reset_index()


def _shipments(lines: pd.DataFrame) -> pd.DataFrame:
    """The `purchase_orders` table of SCMS, one row a shipment: its item of most value, with that item's packs."""
    key = ["PO / SO #", "ASN/DN #"]
    totals = ["Line Item Value", "Line Item Quantity"]
    items = lines.groupby([*key, "unique_id"], sort=True)
    packs = items[totals].sum()
    # groupby.first takes the first value that is there, so one late-filled date is not lost
    facts = items[
        ["Vendor", "ordered_at", "repromised_at", "received_at", "Pack Price", *_COVARIATES]
    ].first()
    by_item = packs.join(facts).reset_index().sort_values([*key, "Line Item Value"], kind="stable")
    shipment = by_item.drop_duplicates(key, keep="last").set_index(key).sort_index()
    shipment["items_in_shipment"] = by_item.groupby(key)["unique_id"].size()
    shipment["value"] = by_item.groupby(key)["Line Item Value"].sum()
    shipment["quantity_received"] = shipment["Line Item Quantity"].where(shipment["received_at"].notna())
    renamed = {
        "PO / SO #": "order_id",
        "ASN/DN #": "line",
        "Vendor": "supplier_id",
        "Line Item Quantity": "quantity_ordered",
        "Pack Price": "unit_price",
        **_COVARIATES,
    }
    frame = shipment.drop(columns="Line Item Value").reset_index().rename(columns=renamed)
    numbers = ["quantity_ordered", "quantity_received", "unit_price", "items_in_shipment", "value"]
    return frame.astype(dict.fromkeys(numbers, float))


def main(argv: list[str] | None = None) -> None:
    """Run `python -m examples.scms RAW OUT`."""
    run("scms", lambda raw: tables(read(raw)), argv)


if __name__ == "__main__":
    main()

"""UCI Online Retail: invoice lines of a British gift wholesaler, December 2010 to December 2011.

`python -m examples.online_retail RAW OUT`, with the file as CSV or Parquet. Everything is real, and it is demand only.

- `unique_id` is the description made fit for an address, so that a copy without `StockCode` gives the same ids.
- A cancellation (negative quantity) is no demand, and takes back the order it cancels: each is paired with an earlier
  line of the same customer, product, price and size, and neither counts. The 80,995 paper birds that were ordered and
  cancelled within minutes would else be the demand of the year. A return that finds no such line is left out.
- Lines without a price are stock adjustments; postage, fees, vouchers and the like are no products.
- `y` is summed by week from Monday; weeks that the file does not cover whole are left out. `price` is the week's mean.
"""

from pathlib import Path

import pandas as pd

from examples.files import find_files, need_columns, read_file, run, slug
from features.contract.tables import DataError

_COLUMNS = ("Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
_RENAMED = {"Invoice": "InvoiceNo", "Price": "UnitPrice", "Customer ID": "CustomerID"}
"""Names in the second edition of the data set → in the first."""
_SERVICES = (
    "manual",
    "postage",
    "dotcom-postage",
    "carriage",
    "next-day-carriage",
    "bank-charges",
    "amazon-fee",
    "samples",
    "discount",
    "cruk-commission",
    "adjust-bad-debt",
    "high-resolution-image",
)
_VOUCHER = "dotcomgiftshop-gift-voucher"


def read(raw: Path) -> pd.DataFrame:
    """Read the Online Retail invoices, the CSV or Parquet files in the folder `raw` one after the other.

    Raises
    ------
    DataError
        When there is none, one is unreadable or lacks a column.
    """
    frames = []
    for path in find_files(raw, "", (".csv", ".parquet", ".xlsx")):
        frame = read_file(path).rename(columns=_RENAMED)
        need_columns(frame, _COLUMNS, str(path))
        frames.append(frame[list(_COLUMNS)])
    return pd.concat(frames, ignore_index=True)


def tables(raw: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Turn Online Retail's invoice lines into the tables `demand` and `items`.

    Raises
    ------
    DataError
        When a date cannot be read, or the file covers no whole week.
    """
    sold = _sold(raw.assign(at=_dates(raw["InvoiceDate"])))
    first, last = whole_weeks(sold["at"])
    week = sold["at"].dt.to_period("W").dt.start_time
    sold = sold.assign(ds=week, value=sold["Quantity"] * sold["UnitPrice"])[week.between(first, last)]
    by_week = sold.groupby(["unique_id", "ds"])[["Quantity", "value"]].sum()
    demand = by_week.assign(y=by_week["Quantity"].astype(float), price=by_week["value"] / by_week["Quantity"])
    of_item = sold.groupby("unique_id")
    items = pd.DataFrame(
        {"description": of_item["Description"].first(), "unit_price": of_item["UnitPrice"].median()}
    )
    return {"demand": demand[["y", "price"]].round({"price": 3}).reset_index(), "items": items.reset_index()}


def whole_weeks(at: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Mondays of the first and the last whole week of the Online Retail shop between the first and the last date.

    Raises
    ------
    DataError
        When there is none.
    """
    week = pd.Timedelta(days=7)
    first_day, last_day = at.min().normalize(), at.max().normalize()
    first = first_day + pd.Timedelta(days=-first_day.dayofweek % 7)
    # the shop is closed on Saturdays, so a week counts as whole once a Sunday is there
    last = last_day - pd.Timedelta(days=(last_day.dayofweek + 1) % 7) + pd.Timedelta(days=1) - week
    if last < first:
        raise DataError(
            f"online retail: {first_day:%Y-%m-%d} to {last_day:%Y-%m-%d} holds no whole week; give more days"
        )
    return first, last


def _dates(text: pd.Series) -> pd.Series:
    """Invoice dates; both the database's dates and the American ones of spreadsheets (12/1/2010 8:26) are read."""
    try:
        return pd.to_datetime(text)
    except ValueError as error:
        raise DataError(
            f"online retail: InvoiceDate {str(error).splitlines()[0]}; give dates like 2010-12-01 08:26"
        ) from None


def _sold(lines: pd.DataFrame) -> pd.DataFrame:
    """Invoice lines of products that were bought and not cancelled."""
    lines = lines[(lines["UnitPrice"] > 0) & lines["Description"].notna()]
    lines = lines.assign(unique_id=slug(lines["Description"].astype(str)))
    service = lines["unique_id"].isin(_SERVICES) | lines["unique_id"].str.startswith(_VOUCHER)
    lines = lines[~service & (lines["unique_id"] != "")].sort_values("at", kind="stable", ignore_index=True)
    return lines[(lines["Quantity"] > 0) & ~_cancelled(lines)]


def _cancelled(lines: pd.DataFrame) -> pd.Series:
    """Whether an invoice line is taken back by a later cancellation, the last like it that stands; `lines` by time."""
    # customers without a number are different people: theirs cannot be paired
    known = lines[lines["CustomerID"].notna()]
    alike = known.groupby(["CustomerID", "unique_id", "UnitPrice", known["Quantity"].abs()])["Quantity"]
    both = known[(alike.transform("min") < 0) & (alike.transform("max") > 0)]
    taken: list[int] = []
    for _, group in both.groupby(["CustomerID", "unique_id", "UnitPrice", both["Quantity"].abs()]):
        standing: list[int] = []
        for index, quantity in group["Quantity"].items():
            if quantity > 0:
                standing.append(index)
            elif standing:
                taken.append(standing.pop())
    return lines.index.to_series().isin(taken)


def main(argv: list[str] | None = None) -> None:
    """Run `python -m examples.online_retail RAW OUT`."""
    run("online_retail", lambda raw: tables(read(raw)), argv)


if __name__ == "__main__":
    main()

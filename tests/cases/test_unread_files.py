"""Whatever of a data directory looks like a table is read, or named with what to do."""

import pandas as pd
import pytest
from small_company import COUNTED, IDS, SmallCompany


def move(company: SmallCompany, name: str, file: str) -> None:
    """Write one of the company's tables to a file of another name or format."""
    company.write()
    path = company.data / file
    (company.data / f"{name}.csv").unlink()
    table = company.tables.pop(name)
    if path.suffix == ".xlsx":
        table.to_excel(path, index=False, sheet_name="Sheet1")
    else:
        table.to_csv(path, index=False)  # compressed by its ending


def test_orders_under_another_name_are_named_by_every_verb(small_company: SmallCompany) -> None:
    move(small_company, "purchase_orders", "orders.csv")
    sentence = (
        "orders.csv: no table is called so, and it is not read. If it is purchase_orders, rename it "
        "purchase_orders.csv; else move it away."
    )
    assert sentence in small_company.check().text
    assert sentence in small_company.plan().text
    assert sentence in small_company.train().text


@pytest.mark.parametrize(
    "file", ["stock.csv.gz", "stock.csv.zip", "stock.csv.bz2", "stock.csv.xz", "STOCK.CSV", "stock.xlsx"]
)
def test_stock_is_read_from_workbooks_and_compressed_files(small_company: SmallCompany, file: str) -> None:
    small_company.tables["stock"]["on_hand"] = [30, 31, 32, 33, 34, 35]
    move(small_company, "stock", file)
    done = small_company.plan()
    assert done.status == 0, done.text
    assert "not read" not in done.text
    assert small_company.table()["on_hand"].tolist() == [30, 31, 32, 33, 34, 35]


def test_stock_that_is_there_twice_is_refused(small_company: SmallCompany) -> None:
    small_company.write()
    small_company.tables["stock"].to_excel(small_company.data / "stock.xlsx", index=False)
    done = small_company.check()
    assert done.status == 1
    assert "both stock.csv and stock.xlsx are there; remove one" in done.text


def test_an_old_workbook_and_the_parts_of_a_table_are_named(small_company: SmallCompany) -> None:
    (small_company.data / "receipts.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (small_company.data / "events").mkdir()
    (small_company.data / "events" / "2024.csv").write_text("ds,name\n")
    done = small_company.check()
    assert done.status == 0
    assert (
        "receipts.xls: .xls files are not read. If it is receipts, save it as receipts.csv or receipts.xlsx"
        in done.text
    )
    assert "events/: a folder with 2024.csv" in done.text


def test_a_company_in_one_workbook_gives_the_plan_of_its_files(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    before = small_company.table()["reorder_point"].tolist()
    with pd.ExcelWriter(small_company.data / "company.xlsx") as book:
        for name in list(small_company.tables):
            (small_company.data / f"{name}.csv").unlink()
            small_company.tables.pop(name).to_excel(
                book, sheet_name=name.replace("_", " ").title(), index=False
            )
    done = small_company.plan()
    assert done.status == 0, done.text
    assert small_company.table()["reorder_point"].tolist() == before


def test_a_failed_lookup_in_a_workbook_is_quarantined_with_its_row(small_company: SmallCompany) -> None:
    small_company.write()
    (small_company.data / "stock.csv").unlink()
    small_company.tables.pop("stock")
    stock = pd.DataFrame({"unique_id": IDS, "as_of": COUNTED, "on_hand": [30, "#VALUE!", 30, 30, 30, 30]})
    stock.to_excel(small_company.data / "stock.xlsx", index=False)
    done = small_company.check()
    assert done.status == 0
    assert "stock.xlsx row 3: on_hand is '#VALUE!', expected a number" in done.text

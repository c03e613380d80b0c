from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from database.sources.load_tables import unread
from database.sources.unread_files import likely_table
from features.contract.tables import DataError

DEMAND = "unique_id,ds,y\n"


def named(folder: Path, *files: str) -> list[str]:
    """What is said of these files beside demand.csv."""
    (folder / "demand.csv").write_text(DEMAND)
    for file in files:
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return [str(warning) for warning in unread(str(folder))]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("orders.csv", "If it is purchase_orders, rename it purchase_orders.csv; else move it away."),
        ("open_pos_2024.CSV", "If it is purchase_orders, rename it purchase_orders.csv; else move it away."),
        (
            "stock.xls",
            "stock.xls: .xls files are not read. If it is stock, save it as stock.csv or stock.xlsx;",
        ),
        (
            "stock.txt",
            "stock.txt: .txt files are not read. If it is stock, save it as stock.csv or stock.xlsx;",
        ),
        ("stock.json.gz", "stock.json.gz: .json.gz files are not read. If it is stock, save it as stock.csv"),
        ("inventory.xlsx", "inventory.xlsx: no workbook that can be opened, and not read."),
        ("Vendor list.parquet", "If it is suppliers, rename it suppliers.parquet; else move it away."),
        ("sales_2023.csv", "If it belongs to demand, add its rows to demand.csv; else move it away."),
        ("xyz.csv", "xyz.csv: no table is called so, and it is not read. If it holds one of demand, items,"),
        (
            "purchase_orders/part-0.parquet",
            "purchase_orders/: a folder with part-0.parquet; only files of the data",
        ),
        (
            "2024/a.csv",
            "2024/: a folder with a.csv; only files of the data directory itself are read. Move the files",
        ),
    ],
)
def test_a_file_that_looks_like_a_table_is_named_with_what_to_do(
    file: str, sentence: str, tmp_path: Path
) -> None:
    (said,) = named(tmp_path, file)
    assert sentence in said


def test_other_files_are_not_named(tmp_path: Path) -> None:
    others = (
        ".stock.csv",
        "~$stock.xlsx",
        "notes.txt",
        "README",
        "config.yaml",
        "quarantine/demand.csv",
        "img/a.png",
    )
    assert named(tmp_path, *others) == []


def test_a_file_called_almost_like_a_table_that_is_there_is_refused_with_the_other_fix(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        DataError, match=r"is this the table demand\? Add its rows to demand\.csv, or move it away"
    ):
        named(tmp_path, "Demand 2023.csv")


def test_tables_of_a_database_called_almost_like_ours_are_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'company.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        for name in ("demand", "PurchaseOrders", "inventory", "sales", "app_log"):
            connection.execute(text(f'create table "{name}" (x int)'))
    engine.dispose()
    said = [str(warning) for warning in unread(url)]
    assert len(said) == 2
    assert said[0].startswith("table PurchaseOrders: ")
    assert "give a table or view purchase_orders" in said[0]
    assert "give a table or view stock" in said[1]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Bestellungen", None),
        ("corporate", None),
        ("GoodsReceipts", "receipts"),
        ("purchase-orders-old", "purchase_orders"),
        ("sku_master", "items"),
        ("on_hand", "stock"),
    ],
)
def test_a_table_is_told_by_whole_words_of_its_name(name: str, table: str | None) -> None:
    assert likely_table(name) == table

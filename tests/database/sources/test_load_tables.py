import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import create_engine

from artifacts.plan_files import write_quarantine
from configs.schema import DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables, read_source, shown_source
from features.contract.tables import DataError
from features.quality.fingerprint import fingerprint

CONFIG = DataConfig()
WEEKS = pd.date_range("2024-01-01", periods=30, freq="W-MON")


def frames() -> dict[str, pd.DataFrame]:
    return {
        "demand": pd.DataFrame(
            {"unique_id": np.repeat(["a", "b"], 30), "ds": [*WEEKS, *WEEKS], "y": np.arange(60) / 10}
        ),
        "offers": pd.DataFrame(
            {"supplier_id": ["s", "s"], "unique_id": ["a", "b"], "moq": [5, 10], "preferred": [True, False]}
        ),
    }


def demand_csv(folder: Path, *more: str, header: str = "unique_id,ds,y", name: str = "demand.csv") -> Path:
    rows = [f"a,{day:%Y-%m-%d},3" for day in WEEKS] * 1
    path = folder / name
    path.write_text("\n".join([header, *rows, *more]) + "\n", encoding="utf-8")
    return path


def save_csv(folder: Path) -> str:
    for name, frame in frames().items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return str(folder)


def save_parquet(folder: Path) -> str:
    write_directory(frames(), folder)
    return str(folder)


def save_database(folder: Path) -> str:
    url = f"sqlite:///{folder / 'company.db'}"
    engine = create_engine(url)
    for name, frame in frames().items():
        frame.to_sql(name, engine, index=False)
    engine.dispose()
    return url


@pytest.mark.parametrize("save", [save_csv, save_parquet, save_database])
def test_every_kind_of_source_gives_the_same_tables(save, tmp_path):
    checked = load_tables(save(tmp_path), CONFIG)
    pd.testing.assert_frame_equal(
        checked.tables.demand[["unique_id", "ds", "y"]], frames()["demand"], check_dtype=False
    )
    assert checked.tables.offers["preferred"].tolist() == [True, False]
    other = tmp_path / "other"
    other.mkdir()
    assert fingerprint(checked.tables) == fingerprint(load_tables(save_parquet(other), CONFIG).tables)


def test_a_database_table_is_called_by_its_name(tmp_path):
    assert read_source(save_database(tmp_path))["offers"].origin == "table offers"


def test_a_row_is_counted_as_a_spreadsheet_does_also_after_blank_and_broken_lines(tmp_path):
    demand_csv(tmp_path, "", "b,2024-01-01", 'b,"2024-01-08",4', "b,2024-01-15,-1")
    raw = read_source(str(tmp_path))["demand"]
    assert raw.source_line.tolist() == [*range(2, 32), 34, 35]
    assert raw.malformed["source_line"].tolist() == [33]
    config = DataConfig(max_bad_share=0.1)
    checked = load_tables(str(tmp_path), config)
    assert checked.quarantine["demand"]["source_line"].tolist() == [35, 33]
    assert "demand.csv row 35: y is -1, expected a number ≥ 0" in checked.report()["quarantined"]
    assert any("row 33: 2 values, expected 3" in sentence for sentence in checked.report()["quarantined"])


def test_semicolons_tabs_quotes_and_a_byte_order_mark_are_read(tmp_path):
    (tmp_path / "demand.csv").write_text(
        "\ufeffunique_id;ds;y\n" + "".join(f'"a;1\n";{day:%Y-%m-%d};3\n' for day in WEEKS), encoding="utf-8"
    )
    assert load_tables(str(tmp_path), CONFIG).tables.demand["unique_id"].unique().tolist() == ["a;1"]


@pytest.mark.parametrize(("delimiter", "clear"), [(",", True), (";", False), ("\t", False), ("|", False)])
def test_a_dot_is_surely_a_decimal_point_where_commas_separate_columns(delimiter, clear, tmp_path):
    lines = ["unique_id,ds,y", *(f"a,{day:%Y-%m-%d},{n}.125" for n, day in enumerate(WEEKS, 1))]
    (tmp_path / "demand.csv").write_text("\n".join(lines).replace(",", delimiter))
    if clear:
        assert load_tables(str(tmp_path), CONFIG).tables.demand["y"].max() == 30.125
    else:
        with pytest.raises(DataError, match=r"demand\.csv row 2: y is 1\.125, which is 1125 where the dot"):
            load_tables(str(tmp_path), CONFIG)


def test_empty_columns_without_a_name_are_left_out(tmp_path):
    (tmp_path / "demand.csv").write_text(
        "unique_id;ds;y;;\n" + "".join(f"a;{d:%Y-%m-%d};3;;\n" for d in WEEKS)
    )
    assert list(read_source(str(tmp_path))["demand"].frame.columns) == ["unique_id", "ds", "y"]


def test_ids_keep_their_leading_zeros(tmp_path):
    (tmp_path / "demand.csv").write_text("unique_id,ds,y\n" + "".join(f"007,{d:%Y-%m-%d},3\n" for d in WEEKS))
    assert load_tables(str(tmp_path), CONFIG).tables.demand["unique_id"].unique().tolist() == ["007"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "demand.csv: no header row"),
        (b"unique_id,ds,y\n", "demand.csv: no row with demand"),
        (b"unique_id,ds,ds\na,2024-01-01,1\n", "demand.csv: column ds stands there twice"),
        (
            b"unique_id ds y\na 2024-01-01 1\n",
            "only one column, 'unique_id ds y'; separate the columns by commas",
        ),
        (b"unique_id,ds,y\ra,2024-01-01,1\r", "demand.csv row 1: no header row"),
        (
            b'unique_id,ds,y\n"a,2024-01-01,1\nb,2024-01-01,2\n',
            "demand.csv row 2: a quote is opened and never closed",
        ),
        (b"unique_id,ds\na,2024-01-01\n", "demand.csv: no column y, found unique_id, ds"),
        (
            b"Our demand\n\nunique_id,ds,y\na,2024-01-01,1\n",
            "the names of the columns stand in row 3; delete the",
        ),
        (
            b"Our demand\nunique_id;ds;y\na;2024-01-01;1\n",
            "the names of the columns stand in row 2; delete the",
        ),
        (b"unique_id,ds,y,,\na,2024-01-01,1,5,6\n", "demand.csv: two columns without a name; keep one"),
        (
            b"unique_id,ds,y\nd\xe9j\xe0,2024-01-01,1\n",
            "demand.csv row 2: not UTF-8 .*save the file as UTF-8",
        ),
        ("unique_id,ds,y\na,2024-01-01,1\n".encode("utf-16"), "demand.csv: UTF-16; save the file as UTF-8"),
    ],
)
def test_an_unreadable_csv_names_the_place_and_the_fix(content, message, tmp_path):
    (tmp_path / "demand.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_tables(str(tmp_path), CONFIG)


def test_a_broken_parquet_file_is_named(tmp_path):
    (tmp_path / "demand.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"demand.parquet: no readable Parquet file"):
        load_tables(str(tmp_path), CONFIG)


def test_a_parquet_column_of_lists_is_quarantined_like_any_bad_value(tmp_path):
    write_directory({"demand": pd.DataFrame({"unique_id": "a", "ds": WEEKS, "y": [[1]] * 30})}, tmp_path)
    with pytest.raises(DataError, match=r"row 1: y is '?\[1\]'?, expected a number"):
        load_tables(str(tmp_path), CONFIG)


def test_too_many_bad_rows_stop_the_run_with_the_commonest_reason(tmp_path):
    demand_csv(tmp_path, *[f"b,{day:%Y-%m-%d},-1" for day in WEEKS[:5]])
    with pytest.raises(DataError, match=r"5 of 35 rows break a rule.*row 32: y is -1, expected a number ≥ 0"):
        load_tables(str(tmp_path), CONFIG)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda _: None, "no demand.csv or demand.parquet, found nothing"),
        (lambda p: demand_csv(p, name="notes.csv"), "found notes.csv; add or rename it"),
        (lambda p: demand_csv(p, name="Demands.csv"), "is this the table demand. Rename it demand.csv"),
        (
            lambda p: (demand_csv(p), write_directory({"demand": frames()["demand"]}, p), demand_csv(p)),
            "remove one",
        ),
    ],
)
def test_a_folder_without_one_clear_demand_file_is_refused(prepare, message, tmp_path):
    prepare(tmp_path)
    with pytest.raises(DataError, match=message):
        load_tables(str(tmp_path), CONFIG)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: no such folder"):
        load_tables(str(tmp_path / "nowhere"), CONFIG)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:////nowhere/company.db", "no such file"),
        ("oddbase://user:secret@host/db", "no driver for it here"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/db", "cannot be read"),
        ("://", "no SQLAlchemy URL"),
    ],
)
def test_a_database_that_cannot_be_read_is_named_without_its_password(url, message):
    with pytest.raises(DataError, match=message) as raised:
        load_tables(url, CONFIG)
    assert "secret" not in str(raised.value)


def test_quarantine_is_written_beside_its_reasons_and_old_files_go(tmp_path):
    demand_csv(tmp_path, "b,2024-01-01,-1")
    checked = load_tables(str(tmp_path), CONFIG)
    folder = tmp_path / "quarantine"
    folder.mkdir()
    (folder / "offers.csv").write_text("old")
    assert write_quarantine(checked, folder) == [folder / "demand.csv"]
    assert [path.name for path in folder.iterdir()] == ["demand.csv"]
    held = pd.read_csv(folder / "demand.csv")
    assert held.loc[0, ["unique_id", "y", "reason", "source_line"]].tolist() == [
        "b", -1, "y is -1, expected a number ≥ 0", 32,
    ]  # fmt: skip


def test_only_tables_of_the_contract_are_written(tmp_path):
    with pytest.raises(ValueError, match="'orders' is not a table of the contract"):
        write_directory({"orders": pd.DataFrame()}, tmp_path)


def test_the_report_of_a_loaded_folder_is_json(tmp_path):
    report = json.loads(json.dumps(load_tables(save_csv(tmp_path), CONFIG).report()))
    assert report["tables"]["demand"]["origin"] == "demand.csv"
    assert report["usable"] is True


def test_a_password_in_the_source_is_not_shown():
    assert shown_source("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"
    assert shown_source("demo/data") == "demo/data"

from pathlib import Path

import pandas as pd
import pytest

from examples.files import find_files, need_columns, read_file, run, slug
from features.contract.tables import DataError


def test_files_are_found_by_their_words_and_sorted_by_number(tmp_path: Path) -> None:
    for name in ("Week 10 - Sales.csv", "Week 9 - SALES.csv", "Week 9 - In Stock.csv", "in_stock.txt"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in find_files(tmp_path, "sales", (".csv",))] == [
        "Week 9 - SALES.csv",
        "Week 10 - Sales.csv",
    ]
    assert [path.name for path in find_files(tmp_path, "in stock", (".csv",))] == ["Week 9 - In Stock.csv"]


def test_a_missing_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        find_files(tmp_path / "gone", "sales", (".csv",))
    with pytest.raises(DataError, match=r"nothing whose name holds 'sales' and ends in \.csv"):
        find_files(tmp_path, "sales", (".csv",))


def test_latin_1_and_utf_8_files_read_the_same(tmp_path: Path) -> None:
    for encoding in ("latin-1", "utf-8", "utf-8-sig"):
        (tmp_path / f"{encoding}.csv").write_text("country,n\nCôte d'Ivoire,1\n", encoding=encoding)
        frame = read_file(tmp_path / f"{encoding}.csv")
        assert frame.columns.tolist() == ["country", "n"]
        assert frame["country"].tolist() == ["Côte d'Ivoire"]


def test_an_unreadable_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_text("no parquet")
    with pytest.raises(DataError, match=r"broken\.parquet: not readable"):
        read_file(tmp_path / "broken.parquet")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match=r"empty\.csv: not readable"):
        read_file(tmp_path / "empty.csv")


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(DataError, match=r"sales\.csv: column 'b', 'c' missing"):
        need_columns(pd.DataFrame({"a": [1]}), ("a", "b", "c"), "sales.csv")


def test_an_id_fits_into_an_address() -> None:
    text = pd.Series(["#108853** HIV 1/2, Determine", "White  T-LIGHT holder "])
    assert slug(text).tolist() == ["108853-hiv-1-2-determine", "white-t-light-holder"]


def test_an_error_is_one_sentence_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(raw: Path) -> dict[str, pd.DataFrame]:
        raise DataError(f"{raw}: no sales")

    with pytest.raises(SystemExit, match="1"):
        run("vn2", fails, [str(tmp_path / "raw"), str(tmp_path / "out")])
    assert capsys.readouterr().err == f"error: {tmp_path / 'raw'}: no sales\n"
    assert not (tmp_path / "out").exists()

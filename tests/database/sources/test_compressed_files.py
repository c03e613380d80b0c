import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from configs.schema import DataConfig
from database.sources.compressed_files import COMPRESSIONS
from database.sources.load_tables import load_tables, read_source
from features.contract.tables import DataError

WEEKS = pd.date_range("2024-01-01", periods=30, freq="W-MON")
CONTENT = ("unique_id;ds;y\n" + "".join(f"a;{day:%Y-%m-%d};3\n" for day in WEEKS)).encode()


def packed(folder: Path, ending: str, content: bytes = CONTENT) -> Path:
    path = folder / f"demand.csv{ending}"
    if ending == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("export/demand 2024.csv", content)
            archive.writestr("__MACOSX/._demand.csv", b"x")
    elif ending == ".zst":
        with pa.CompressedOutputStream(str(path), "zstd") as stream:
            stream.write(content)
    else:
        path.write_bytes({".gz": gzip, ".bz2": bz2, ".xz": lzma}[ending].compress(content))
    return path


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_a_compressed_csv_file_is_read_as_it_is_unpacked(ending: str, tmp_path: Path) -> None:
    path = packed(tmp_path, ending, CONTENT + b"b;2024-01-01\n")
    raw = read_source(str(tmp_path))["demand"]
    assert raw.origin == path.name
    assert len(raw.frame) == 30
    assert raw.malformed["source_line"].tolist() == [32]
    assert raw.dot_is_decimal is False


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_a_damaged_file_is_one_sentence(ending: str, tmp_path: Path) -> None:
    path = packed(tmp_path, ending)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=rf"demand\.csv\{ending}: cannot be unpacked .*pack it anew"):
        load_tables(str(tmp_path), DataConfig())


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "demand.csv.zip", "w") as archive:
        archive.writestr("a.csv", CONTENT)
        archive.writestr("b.csv", CONTENT)
    with pytest.raises(DataError, match=r"holds 2 files \(a\.csv, b\.csv\)"):
        load_tables(str(tmp_path), DataConfig())


def test_what_is_wrong_in_a_compressed_file_names_its_row(tmp_path: Path) -> None:
    packed(tmp_path, ".gz", CONTENT + b"d\xe9;2024-01-01;1\n")
    with pytest.raises(DataError, match=r"demand\.csv\.gz row 32: not UTF-8"):
        load_tables(str(tmp_path), DataConfig())


def test_endings_in_capitals_are_read(tmp_path: Path) -> None:
    (tmp_path / "DEMAND.CSV").write_bytes(CONTENT)
    assert read_source(str(tmp_path))["demand"].origin == "DEMAND.CSV"

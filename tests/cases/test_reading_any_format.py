"""A small company says the same in whatever format its tables are written."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from configs.schema import DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import check_source
from features.contract.tables import TABLES, Tables

Frames = dict[str, pd.DataFrame]

LETTERS = "abcXYZ019 äß_-./#&;,:'\"|éŁ米д"
"""What ids and names are made of: separators and quotes of every dialect among it."""


def save_csv(frames: Frames, folder: Path) -> str:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return str(folder)


def save_semicolons(frames: Frames, folder: Path) -> str:
    """As Excel writes CSV in half of Europe: semicolons, decimal commas, days first, Windows' line ends and a mark."""
    for name, frame in frames.items():
        dialect = {"sep": ";", "decimal": ",", "date_format": "%d.%m.%Y", "lineterminator": "\r\n"}
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", **dialect)
    return str(folder)


def save_tabs(frames: Frames, folder: Path) -> str:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, sep="\t", quoting=1)
    return str(folder)


def save_gzip(frames: Frames, folder: Path) -> str:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv.gz", index=False)
    return str(folder)


def save_parquet(frames: Frames, folder: Path) -> str:
    write_directory(frames, folder)
    return str(folder)


def save_categories(frames: Frames, folder: Path) -> str:
    """Parquet with ids as categories, numbers in single precision where that holds them, and days as dates."""
    for name, frame in frames.items():
        columns = {}
        for column, values in frame.items():
            if values.dtype == object:
                columns[column] = values.astype("category")
            elif values.dtype == float and (values.dropna() == values.dropna().astype("float32")).all():
                columns[column] = values.astype("float32")
            elif values.dtype.kind == "M":
                columns[column] = values.dt.date
            else:
                columns[column] = values
        pd.DataFrame(columns).to_parquet(folder / f"{name}.parquet", index=False)
    return str(folder)


def save_workbooks(frames: Frames, folder: Path) -> str:
    for name, frame in frames.items():
        frame.to_excel(folder / f"{name}.xlsx", index=False)
    return str(folder)


def save_one_workbook(frames: Frames, folder: Path) -> str:
    with pd.ExcelWriter(folder / "company.xlsx") as book:
        for name, frame in frames.items():
            frame.to_excel(book, sheet_name=name, index=False)
    return str(folder)


def save_database(frames: Frames, folder: Path) -> str:
    url = f"sqlite:///{folder / 'company.db'}"
    engine = create_engine(url)
    for name, frame in frames.items():
        frame.to_sql(name, engine, index=False)
    engine.dispose()
    return url


FORMATS = (
    save_csv,
    save_semicolons,
    save_tabs,
    save_gzip,
    save_parquet,
    save_categories,
    save_workbooks,
    save_one_workbook,
    save_database,
)


@st.composite
def names(draw: st.DrawFn, count: int) -> list[str]:
    """Ids that differ in more than case and blanks."""
    text = st.text(LETTERS, min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
    found = draw(
        st.lists(text, min_size=count, max_size=count, unique_by=lambda name: name.casefold().strip("0"))
    )
    return [f"{name}k{i}" for i, name in enumerate(found)]  # no id is a number or a date as a whole


@st.composite
def companies(draw: st.DrawFn) -> Frames:
    """A valid small company: one to four SKUs, a dozen weeks, and whichever other tables it has."""
    ids, suppliers = draw(names(draw(st.integers(1, 4)))), draw(names(2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weeks = pd.date_range("2024-01-01", periods=draw(st.integers(8, 14)), freq="W-MON")
    digits = draw(st.integers(0, 2))
    n = len(ids) * len(weeks)
    demand = pd.DataFrame({"unique_id": np.repeat(ids, len(weeks)), "ds": np.tile(weeks, len(ids))})
    demand["y"] = np.round(rng.uniform(5, 40, n), digits)
    if draw(st.booleans()):
        demand["in_stock"] = rng.random(n) < 0.9
    counted = weeks[-1] + pd.Timedelta(days=7)
    orders = pd.DataFrame(
        {
            "order_id": [f"P/{k}" for k in range(2 * len(ids))],
            "line": "1",
            "supplier_id": rng.choice(suppliers, 2 * len(ids)),
            "unique_id": [*ids, *ids],
            "ordered_at": weeks[0],
            "quantity_ordered": np.round(rng.uniform(1, 30, 2 * len(ids)), digits),
            "received_at": [*[weeks[2]] * len(ids), *[pd.NaT] * len(ids)],
        }
    )
    text = st.one_of(st.none(), st.text(LETTERS, min_size=1, max_size=12).map(lambda text: f"x{text}x"))
    more = {
        "items": pd.DataFrame(
            {
                "unique_id": ids,
                "description": [draw(text) for _ in ids],
                "unit_cost": np.round(rng.uniform(0.5, 9, len(ids)), 2),
            }
        ),
        "suppliers": pd.DataFrame({"supplier_id": suppliers, "name": [draw(text) for _ in suppliers]}),
        "offers": pd.DataFrame({"unique_id": ids, "supplier_id": suppliers[0]}).assign(
            moq=10.0, preferred=True, valid_from=weeks[0], unit_price=2.5
        ),
        "purchase_orders": orders,
        "stock": pd.DataFrame({"unique_id": ids, "as_of": counted, "on_hand": rng.integers(0, 50, len(ids))}),
        "events": pd.DataFrame({"ds": weeks[:2], "name": ["a; b", "c, d"]}),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(more)), unique=True))
    return {"demand": demand} | {name: more[name] for name in chosen}


def read(save: Callable[[Frames, Path], str], frames: Frames) -> Tables:
    """Tables read from where they were saved; every row is good."""
    stated = (
        {"dayfirst": True, "decimal": ","} if save is save_semicolons else {}
    )  # 01.02.2024 could be either
    with TemporaryDirectory() as folder:
        checked = check_source(save(frames, Path(folder)), DataConfig(freq="W-MON", **stated))
    assert not checked.quarantine, checked.report()["quarantined"]
    return checked.tables


@settings(max_examples=12)
@given(companies())
def test_every_format_gives_the_same_clean_tables(frames: Frames) -> None:
    first = read(save_csv, frames)
    demand = frames["demand"].sort_values(["unique_id", "ds"], ignore_index=True)
    pd.testing.assert_frame_equal(first.demand[["unique_id", "ds", "y"]], demand[["unique_id", "ds", "y"]])
    for save in FORMATS[1:]:
        tables = read(save, frames)
        for name in TABLES:
            pd.testing.assert_frame_equal(
                getattr(tables, name), getattr(first, name), obj=f"{save.__name__} {name}"
            )


@pytest.mark.parametrize("save", FORMATS)
def test_ids_that_look_like_numbers_or_dates_stay_what_they_are(
    save: Callable[[Frames, Path], str],
) -> None:
    """Codes of a company with text ids: Excel, pandas and databases would make numbers or dates of them."""
    ids = sorted(["007", "1e5", "00012", "1.50", "3-4", "2024-01-01", "NA", "null", "TRUE", "1,5", "0x1F"])
    weeks = pd.date_range("2024-01-01", periods=8, freq="W-MON")
    frame = pd.DataFrame({"unique_id": np.repeat(ids, 8), "ds": np.tile(weeks, len(ids)), "y": 7.0})
    assert read(save, {"demand": frame}).demand["unique_id"].unique().tolist() == ids


def test_rows_and_columns_in_another_order_say_the_same() -> None:
    rng = np.random.default_rng(0)
    weeks = pd.date_range("2024-01-01", periods=12, freq="W-MON")
    demand = pd.DataFrame(
        {"unique_id": np.repeat(["a", "b"], 12), "ds": [*weeks, *weeks], "y": rng.integers(1, 9, 24)}
    )
    shuffled = demand.sample(frac=1, random_state=1)[["y", "unique_id", "ds"]]
    pd.testing.assert_frame_equal(
        read(save_csv, {"demand": shuffled}).demand, read(save_csv, {"demand": demand}).demand
    )


@pytest.mark.parametrize("save", [save_csv, save_parquet])
def test_ids_that_are_the_same_up_to_a_nul_are_two(
    save: Callable[[Frames, Path], str], tmp_path: Path
) -> None:
    weeks = pd.date_range("2024-01-01", periods=30, freq="W-MON")
    ids = np.repeat(["a", "b\0one", "b\0two"], [30, 1, 1])
    frame = pd.DataFrame({"unique_id": ids, "ds": [*weeks, *weeks[:2]], "y": 7.0})
    checked = check_source(save({"demand": frame}, tmp_path), DataConfig(freq="W-MON"))
    assert checked.quarantine["demand"]["unique_id"].tolist() == ["b\0one", "b\0two"]
    assert [r"'b\x00one'" in reason for reason in checked.quarantine["demand"]["reason"]] == [True, False]

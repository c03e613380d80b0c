"""Regions of suppliers, and the days on which they are shut down."""

import numpy as np
import pandas as pd

from features.contract.tables import TABLES, Tables, empty_table
from features.orders.supplier_calendar import SupplierCalendar


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    empty = empty_table(name)
    frame = pd.DataFrame(rows, columns=list(TABLES[name])).astype(empty.dtypes)
    return frame.where(frame.notna(), None) if name == "suppliers" else frame


def supplier_calendar(
    events: list[dict[str, object]], suppliers: list[dict[str, object]] | None = None
) -> SupplierCalendar:
    return SupplierCalendar.of(
        Tables(events=table("events", events), suppliers=table("suppliers", suppliers or []))
    )


def date(day: str) -> float:
    return float(np.datetime64(day, "D").astype(int))


def test_a_shutdown_is_one_span_until_the_end_of_its_last_day() -> None:
    calendar = supplier_calendar(
        [{"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-10"), "name": "fair"}]
    )
    shutdowns = calendar.shutdowns_of(["s"])
    assert shutdowns.names == ("fair",)
    assert (shutdowns.begin[0, 0], shutdowns.end[0, 0]) == (date("2024-02-07"), date("2024-02-10"))


def test_a_shutdown_binds_everybody_a_region_or_one_supplier() -> None:
    day = pd.Timestamp("2024-02-08")
    calendar = supplier_calendar(
        [
            {"ds": day, "name": "all"},
            {"ds": day + pd.Timedelta(days=5), "name": "asia", "region": "Asia"},
            {"ds": day + pd.Timedelta(days=9), "name": "own", "supplier_id": "b"},
        ],
        [{"supplier_id": "a", "region": "Asia"}, {"supplier_id": "b", "region": "Europe"}],
    )
    shutdowns = calendar.shutdowns_of(["a", "b", "c"])
    bound = [
        {
            shutdowns.names[k]
            for k, end in zip(shutdowns.kind[row], shutdowns.end[row], strict=True)
            if np.isfinite(end)
        }
        for row in shutdowns.calendar
    ]
    assert bound == [{"all", "asia"}, {"all", "own"}, {"all"}]


def test_what_concerns_a_sku_or_a_category_is_no_shutdown_of_a_supplier() -> None:
    day = pd.Timestamp("2024-02-08")
    calendar = supplier_calendar(
        [{"ds": day, "name": "sale", "unique_id": "u"}, {"ds": day, "name": "fair", "category": "c"}]
    )
    assert calendar.shutdown_days.empty
    assert calendar.shutdowns_of(["s"]).begin.shape == (1, 0)


def test_a_day_with_two_names_counts_as_that_of_the_longer_shutdown() -> None:
    calendar = supplier_calendar(
        [
            {"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-14"), "name": "long"},
            {"ds": pd.Timestamp("2024-02-10"), "name": "a day"},
        ]
    )
    shutdowns = calendar.shutdowns_of(["s"])
    assert shutdowns.begin.shape == (1, 1)
    assert shutdowns.names[shutdowns.kind[0, 0]] == "long"


def test_a_supplier_without_a_region_has_none() -> None:
    calendar = supplier_calendar(
        [], [{"supplier_id": "a", "region": "Asia"}, {"supplier_id": "b", "region": None}]
    )
    assert calendar.region(pd.Series(["a", "b", "c"])).tolist() == ["Asia", None, None]


def test_closed_days_are_those_of_a_supplier_or_its_region_and_not_everybodys() -> None:
    day = pd.Timestamp("2024-02-08")
    calendar = supplier_calendar(
        [
            {"ds": day, "until": day + pd.Timedelta(days=1), "name": "fair", "supplier_id": "s"},
            {"ds": day, "name": "new year", "region": "Asia"},
            {"ds": day, "name": "christmas"},
            {"ds": day - pd.Timedelta(days=9), "name": "move", "supplier_id": "s"},
        ],
        [
            {"supplier_id": "s", "region": "Asia"},
            {"supplier_id": "t", "region": "Asia"},
            {"supplier_id": "u"},
        ],
    )
    closed = calendar.closed_days(day).sort_values(["supplier_id", "day"])
    assert closed["supplier_id"].tolist() == ["s", "s", "t"]
    assert (closed["day"] - day).dt.days.tolist() == [0, 1, 0]

"""Where suppliers are, and on which days they may rest."""

import numpy as np
import pandas as pd

from features.contract.tables import TABLES, Tables, empty_table
from features.orders.supplier_calendar import SupplierCalendar, each_day


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


def test_an_event_with_a_last_day_counts_on_each_of_its_days() -> None:
    events = table(
        "events", [{"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-10"), "name": "a"}]
    )
    assert each_day(events)["ds"].dt.day.tolist() == [8, 9, 10]


def test_a_rest_is_one_span_until_the_end_of_its_last_day() -> None:
    known = supplier_calendar(
        [{"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-10"), "name": "fair"}]
    )
    rests = known.rests_of(["s"])
    assert rests.names == ("fair",)
    assert (rests.begin[0, 0], rests.end[0, 0]) == (date("2024-02-07"), date("2024-02-10"))


def test_a_rest_binds_everybody_a_region_or_one_supplier() -> None:
    day = pd.Timestamp("2024-02-08")
    known = supplier_calendar(
        [
            {"ds": day, "name": "all"},
            {"ds": day + pd.Timedelta(days=5), "name": "asia", "region": "Asia"},
            {"ds": day + pd.Timedelta(days=9), "name": "own", "supplier_id": "b"},
        ],
        [{"supplier_id": "a", "region": "Asia"}, {"supplier_id": "b", "region": "Europe"}],
    )
    rests = known.rests_of(["a", "b", "c"])
    bound = [
        {rests.names[k] for k, end in zip(rests.kind[row], rests.end[row], strict=True) if np.isfinite(end)}
        for row in rests.calendar
    ]
    assert bound == [{"all", "asia"}, {"all", "own"}, {"all"}]


def test_what_concerns_a_sku_or_a_category_is_no_rest_of_a_supplier() -> None:
    day = pd.Timestamp("2024-02-08")
    known = supplier_calendar(
        [{"ds": day, "name": "sale", "unique_id": "u"}, {"ds": day, "name": "fair", "category": "c"}]
    )
    assert known.rests.empty
    assert known.rests_of(["s"]).begin.shape == (1, 0)


def test_a_day_with_two_names_counts_as_that_of_the_longer_rest() -> None:
    known = supplier_calendar(
        [
            {"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-14"), "name": "long"},
            {"ds": pd.Timestamp("2024-02-10"), "name": "a day"},
        ]
    )
    rests = known.rests_of(["s"])
    assert rests.begin.shape == (1, 1)
    assert rests.names[rests.kind[0, 0]] == "long"


def test_a_supplier_without_a_region_has_none() -> None:
    known = supplier_calendar(
        [], [{"supplier_id": "a", "region": "Asia"}, {"supplier_id": "b", "region": None}]
    )
    assert known.region(pd.Series(["a", "b", "c"])).tolist() == ["Asia", None, None]

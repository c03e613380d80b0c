import pandas as pd

from features.contract.events import demand_events, one_row_per_day
from features.contract.tables import TABLES, empty_table


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(TABLES[name])).astype(empty_table(name).dtypes)


def test_an_event_with_a_last_day_counts_on_each_of_its_days() -> None:
    events = table(
        "events", [{"ds": pd.Timestamp("2024-02-08"), "until": pd.Timestamp("2024-02-10"), "name": "a"}]
    )
    assert one_row_per_day(events)["ds"].dt.day.tolist() == [8, 9, 10]


def test_what_shuts_down_a_supplier_or_a_region_is_no_event_of_demand() -> None:
    day = pd.Timestamp("2024-02-08")
    events = pd.DataFrame(
        [
            {"ds": day, "name": "fair", "supplier_id": None, "region": None},
            {"ds": day, "name": "strike", "supplier_id": "s", "region": None},
            {"ds": day, "name": "new year", "supplier_id": None, "region": "Asia"},
        ]
    ).assign(until=pd.NaT)
    assert demand_events(events)["name"].tolist() == ["fair"]

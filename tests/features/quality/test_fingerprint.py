from dataclasses import replace

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract.tables import RawTable, Tables
from features.demand.panel_from_tables import make_panel
from features.quality.check import check_tables
from features.quality.fingerprint import fingerprint, panel_fingerprint


def raw(text: bool) -> dict[str, RawTable]:
    ds = pd.date_range("2024-01-01", periods=30, freq="W-MON")
    demand = pd.DataFrame({"unique_id": "a", "ds": ds, "y": np.arange(30) * 0.1})
    items = pd.DataFrame(
        {"unique_id": ["a", "b"], "unit_cost": [0.1, 2.0], "width": [1, 2], "fragile": [True, False]}
    )
    frames = {"demand": demand, "items": items}
    if text:
        frames = {name: frame.astype(str) for name, frame in frames.items()}
    return {name: RawTable(frame, name) for name, frame in frames.items()}


def tables(text: bool = False) -> Tables:
    return check_tables(raw(text), DataConfig()).tables


def test_text_and_typed_values_have_one_fingerprint():
    assert fingerprint(tables(text=True)) == fingerprint(tables(text=False))


def test_the_order_of_rows_and_columns_does_not_matter():
    one = tables()
    other = replace(
        one, demand=one.demand.sample(frac=1, random_state=1)[["y", "ds", "in_stock", "unique_id"]]
    )
    assert fingerprint(one) == fingerprint(other)


def test_any_changed_value_changes_it():
    one = tables()
    for table, column in (("demand", "y"), ("items", "unit_cost"), ("items", "width")):
        frame = getattr(one, table).copy()
        frame.loc[0, column] += 1e-9
        assert fingerprint(replace(one, **{table: frame})) != fingerprint(one)


def test_a_repeated_row_changes_it():
    one = tables()
    twice = pd.concat([one.items, one.items.iloc[:1]], ignore_index=True)
    assert fingerprint(replace(one, items=twice)) != fingerprint(one)


def test_a_panel_has_another_fingerprint_after_any_change_that_a_forecast_sees():
    seen = tables()
    first = make_panel(seen, DataConfig(), horizon=4)
    assert panel_fingerprint(first) == panel_fingerprint(make_panel(seen, DataConfig(), horizon=4))
    later = replace(seen, demand=seen.demand.assign(y=seen.demand["y"].where(seen.demand.index != 3, 9.0)))
    wider = replace(seen, items=seen.items.assign(width=[1.0, 3.0]))
    event = (
        pd.DataFrame({"name": ["fair"], "ds": [first.cutoff]})
        .reindex(columns=seen.events.columns)
        .astype(seen.events.dtypes)
    )
    other = [
        make_panel(table, DataConfig(), horizon=4) for table in (later, wider, replace(seen, events=event))
    ]
    other.append(make_panel(seen, DataConfig(), horizon=5))
    other[-1] = replace(other[-1], covariates={"price": np.ones((2, 35))})
    assert len({panel_fingerprint(panel) for panel in (first, *other)}) == 5


def test_new_orders_do_not_change_the_fingerprint_of_the_panel():
    seen = tables()
    orders = pd.DataFrame({"order_id": ["1"], "line": ["1"], "unique_id": ["a"]})
    with_orders = replace(seen, purchase_orders=orders)
    one, other = (make_panel(table, DataConfig()) for table in (seen, with_orders))
    assert panel_fingerprint(one) == panel_fingerprint(other)


def test_procurement_tables_change_it_only_where_there_are_any():
    one = tables()
    assert fingerprint(one) == "0cb826b0bf7e104bfdca171eee9f036ca1d97aa29c1b46d304436644e2fedfb6", (
        "as it was before there were procurement tables"
    )
    bins = pd.DataFrame({"site": ["north"], "unique_id": ["a"], "count": [1.0]})
    some = replace(one, bins=bins.reindex(columns=one.bins.columns))
    assert fingerprint(some) != fingerprint(one)
    assert fingerprint(replace(some, bins=some.bins.assign(count=2.0))) != fingerprint(some)

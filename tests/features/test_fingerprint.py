from dataclasses import replace

import numpy as np
import pandas as pd

from features.config import DataConfig
from features.contract import RawTable, Tables
from features.fingerprint import fingerprint
from features.quality import check_tables


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

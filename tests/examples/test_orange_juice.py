from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from configs.load import load_config
from database.sources.load_tables import load_tables
from examples import orange_juice
from features.contract.tables import DataError


def sales(brand: int, ounces: float, week: int = 40) -> pd.DataFrame:
    prices = {f"price{i}": i / 100 for i in range(1, 12)}
    row = {
        "store": 2,
        "brand": brand,
        "week": week,
        "logmove": np.log(ounces),
        "deal": 1,
        "feat": 0.5,
        "profit": 25.0,
    }
    return pd.DataFrame([{**row, **prices}])


def test_ounces_become_cartons_of_the_brands_size_at_its_own_price() -> None:
    tables = orange_juice.tables(sales(brand=2, ounces=960))
    row = tables["demand"].iloc[0]
    assert row["unique_id"] == "2_2"
    assert row["y"] == 10, "ten cartons of 96 ounces"
    assert row["price"] == pytest.approx(1.92), "96 ounces at 2 cents"
    assert tables["items"]["unit_cost"].tolist() == [pytest.approx(1.44)], "three quarters of the price"


def test_weeks_begin_on_the_thursdays_of_dominicks() -> None:
    demand = orange_juice.tables(sales(brand=1, ounces=64, week=1))["demand"]
    assert demand["ds"].tolist() == [pd.Timestamp("1989-09-14")]


def test_an_unknown_brand_is_named_with_its_row() -> None:
    with pytest.raises(DataError, match="row 2: brand is 12"):
        orange_juice.tables(sales(brand=12, ounces=64))


def test_the_shared_file_passes_the_contract(raw: Callable[[str], Path], tmp_path: Path) -> None:
    orange_juice.main([str(raw("orange_juice")), str(tmp_path)])
    checked = load_tables(str(tmp_path), load_config(Path("configs/orange_juice.yaml")).data)
    assert sum(len(bad) for bad in checked.quarantine.values()) < 10
    assert len(checked.tables.items) == 913
    assert checked.tables.demand["y"].gt(0).all(), "so that a week without a row is missing, not zero"

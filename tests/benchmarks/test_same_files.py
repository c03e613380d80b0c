import numpy as np
import pandas as pd

from benchmarks.same_files import difference

TABLE = pd.DataFrame(
    {"sku": ["a", "b"], "x": [0.1 + 0.2, np.nan], "day": pd.to_datetime(["2024-01-01", None])}
)


def test_the_same_table_is_the_same():
    assert difference(TABLE, TABLE.copy()) == ""


def test_the_last_bit_of_a_number_counts():
    assert difference(TABLE, TABLE.assign(x=[0.3, np.nan])) == "cells {'x': 1}, rows of ['a'] …"


def test_a_missing_value_is_not_a_number():
    assert difference(TABLE, TABLE.assign(x=[0.1 + 0.2, 0.0])).startswith("cells {'x': 1}")


def test_columns_rows_and_dtypes_count():
    assert difference(TABLE, TABLE.drop(columns="x")) == "columns ['x']"
    assert difference(TABLE, TABLE[["x", "sku", "day"]]) == "columns in another order"
    assert difference(TABLE, TABLE.head(1)) == "2 rows before, 1 after"
    assert difference(TABLE, TABLE.assign(x=TABLE["x"].astype("float32"))).startswith("cells {'x': 2}")

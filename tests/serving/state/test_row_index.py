import numpy as np
import pandas as pd

from serving.state.row_index import RowIndex


def test_rows_are_those_that_a_search_finds_in_the_table_s_order() -> None:
    dice = np.random.default_rng(3)
    keys = pd.Series(dice.choice(["a", "b", "c", None], 200), dtype=object)
    index = RowIndex(keys)
    for asked in ([], ["a"], ["c", "a"], ["b", "b"], ["nope"], ["nope", "c"]):
        assert index.rows(asked).tolist() == np.flatnonzero(keys.isin(asked)).tolist()


def test_a_table_without_rows_has_none() -> None:
    assert RowIndex(pd.Series([], dtype=object)).rows(["a"]).tolist() == []

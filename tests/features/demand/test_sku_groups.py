"""Groups of SKUs are named as people name them."""

import numpy as np
import pandas as pd

from features.demand.sku_groups import column_codes, group_names


def test_a_group_by_a_number_has_no_decimal() -> None:
    values = pd.Series([1208.0, np.nan, 7.0, 10.5])
    assert group_names(values).tolist() == ["1208", "", "7", "10.5"]
    assert column_codes(values).tolist() == [2, 0, 3, 1]

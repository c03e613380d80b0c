"""Simulated: what the suppliers ask of an order as a whole from the plan's day on, and what a unit weighs.

`order_terms.csv` beside this file has the terms: the cost of an order whatever its lines, freight, minimum, free
freight and the size of a container, the dearer and larger the farther a supplier is. The desk that played the year knew
nothing of them: its buyers sent many small orders a day. Weights are read from the product's description (`16 oz`),
and a pallet holds half a ton.
"""

from pathlib import Path

import numpy as np
import pandas as pd

_KILOGRAMS = {"oz": 0.02835, "lb": 0.4536, "l": 1.0, "ga": 3.785}
_OTHER_WEIGHT = 0.3
_HEAVIEST = 3.0
"""Kilograms, above which a description names the bulk that a product is delivered in."""
_PALLET = 500.0


def read_order_terms(supplier_ids: pd.Series) -> pd.DataFrame:
    """The demo company's order terms of the suppliers `supplier_ids` (n,), a row each, as columns of `suppliers`."""
    terms = pd.read_csv(Path(__file__).with_name("order_terms.csv")).set_index("supplier_id")
    return terms.reindex(supplier_ids).reset_index(drop=True).astype(float)


def loads(description: pd.Series) -> pd.DataFrame:
    """What a unit of each of the demo company's products weighs, in kilograms, and how many a pallet holds."""
    found = description.str.extract(r"(\d*\.?\d+)\s*(oz|lb|l|ga)\b")
    each = found[0].astype(float) * found[1].map(_KILOGRAMS).astype(float)
    weight = each.where(each <= _HEAVIEST).fillna(_OTHER_WEIGHT).clip(lower=0.01).round(3)
    return pd.DataFrame({"weight": weight, "units_per_pallet": np.floor(_PALLET / weight)})

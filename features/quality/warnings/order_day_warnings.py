"""Warning about suppliers whose past orders mostly left on other days than their order days."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from configs.weekdays import parse_weekdays
from features.quality.warnings.data_warning import DataWarning, named

_ENOUGH = 20
"""Orders below which a share says nothing."""


def order_day_warnings(suppliers: pd.DataFrame, purchase_orders: pd.DataFrame) -> Iterator[DataWarning]:
    """Warn where more than half of a supplier's past orders were placed on days on which it is said to take none."""
    said = suppliers[suppliers["order_days"].notna()].set_index("supplier_id")["order_days"]
    orders = purchase_orders[purchase_orders["supplier_id"].isin(said.index)]
    if not len(orders):
        return
    allowed = np.array([np.isin(np.arange(7), parse_weekdays(text)) for text in said])
    supplier, weekday = said.index.get_indexer(orders["supplier_id"]), orders["ordered_at"].dt.weekday
    off = pd.Series(~allowed[supplier, weekday.to_numpy(int)], index=orders.index)
    share, count = (getattr(off.groupby(orders["supplier_id"]), name)() for name in ("mean", "size"))
    doubtful = share[(share > 0.5) & (count >= _ENOUGH)].sort_values(ascending=False, kind="stable")
    if len(doubtful):
        first = doubtful.index[0]
        usual = weekday[orders["supplier_id"] == first].map(
            lambda day: pd.Timestamp(2024, 1, 1 + day).day_name()
        )
        yield DataWarning(
            "order_days_not_kept",
            "suppliers",
            len(doubtful),
            len(suppliers),
            f"{len(doubtful):,} of {len(suppliers):,} suppliers ({named(doubtful.index)}) got most of their past "
            "orders on other days than their order_days",
            f"{first} is said to take orders on {said[first]}, and most left on a {usual.mode().iloc[0]}",
            "Plans wait for order_days: correct them (Monday is 0), or leave them empty",
        )

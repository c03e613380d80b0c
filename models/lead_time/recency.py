"""Recency weights: an order counts less the older it is, and the less its supplier is still what it was."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from models.lead_time.order_lines import line_weights
from models.lead_time.snapshots import as_of

_DAY = pd.Timedelta(days=1)


def recency_weights(orders: pd.DataFrame, half_life_days: float) -> Array:
    """Recency weight of each order line, (n,): 0.5^(days since the order / half-life).

    Lines of one order weigh less (`order_lines.line_weights`). Columns `half_life_days` and `line_weight` take
    precedence, and a column `memory` is multiplied in (see `changes.forgetting.memory_weights`).
    """
    days = (as_of(orders) - orders["ordered_at"]) / _DAY
    half_life = orders.get("half_life_days", half_life_days)
    lines = orders["line_weight"] if "line_weight" in orders else line_weights(orders)
    return np.asarray(0.5 ** (days / half_life) * lines * orders.get("memory", 1.0), float)

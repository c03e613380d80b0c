"""What levers change: lines, one a SKU and action, with the lane bought through after it and the terms it then has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd

from planning.actions.action_table import COLUMNS

OFFER_TERMS = (
    "moq", "order_multiple", "max_quantity", "unit_price", "price_breaks", "ordering_cost", "payment_days",
    "rejected_share", "order_days",
)  # fmt: skip
"""Terms of a lane that a line may set anew; where it says nothing (NaN, None), they stay. None of `order_days` is said
by an empty text: every day."""

OTHER_TERMS = (
    "earlier_days", "spread_factor", "holding_factor", "price_factor", "review_days", "delays_with_demand",
)  # fmt: skip
"""Days by which the lead time is shorter; share of its spread about the mean, of the holding cost and of all prices
that remains; days between reviews; correlation that delays then have with demand. Where a line says nothing, they stay.
"""

LINE_COLUMNS = ["action_id", "unique_id", "lane", "worth", *OFFER_TERMS, *OTHER_TERMS]
"""`lane` is the row of `Assessment.lane_terms` that is bought through after it, `worth` the line's own part of the
action's (money a year; NaN: an even share)."""


def lever_lines(unique_ids: Sequence[str], lanes: Sequence[int], **terms: object) -> pd.DataFrame:
    """Lines (k,) of SKUs and the lanes they are bought through after it, with the `terms` set anew; LINE_COLUMNS."""
    frame = pd.DataFrame({"action_id": "", "unique_id": unique_ids, "lane": np.asarray(lanes, np.intp)})
    return frame.assign(**terms).reindex(columns=LINE_COLUMNS)


def no_lines() -> pd.DataFrame:
    """No lines at all."""
    return lever_lines([], [])


@dataclass(frozen=True)
class LeverResult:
    """What a lever proposes.

    Attributes
    ----------
    actions : rows of the action table
    lines : what each action changes, `LINE_COLUMNS`; none for what happens once
    """

    actions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    lines: pd.DataFrame = field(default_factory=no_lines)

    @classmethod
    def of(cls, actions: pd.DataFrame, lines: pd.DataFrame, action: Sequence[int] | None = None) -> Self:
        """A result of `actions` and the lines of each; `action` (k,) is the row of each line's, else one a line."""
        rows = np.arange(len(lines)) if action is None else np.asarray(action, np.intp)
        ids = actions["action_id"].to_numpy(object)[rows]
        return cls(actions, lines.assign(action_id=ids).reset_index(drop=True))

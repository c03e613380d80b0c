"""Breaks that people know of: agreements on lead times that took effect, told to the lead-time model."""

from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from database.action_ledger.learned import known_breaks
from features.quality.check_result import CheckResult

AGREED_SINCE = "agreed_since"
"""Column of the order history: day since which the lane's lead time is as it was agreed; NaT where nothing was."""


def with_known_breaks(checked: CheckResult, engine: Engine) -> CheckResult:
    """The checked tables whose order history says since when lanes have another lead time by agreement.

    The same tables where there is no such agreement in the ledger of actions.
    """
    breaks = known_breaks(engine)
    agreed = breaks[(breaks["what"] == "lead_time") & (breaks["since"] <= checked.as_of)]
    if agreed.empty:
        return checked
    since = agreed.groupby(["supplier_id", "unique_id"])["since"].max()
    lanes = pd.MultiIndex.from_frame(checked.orders[["supplier_id", "unique_id"]])
    days = np.asarray(since.reindex(lanes).to_numpy(), "datetime64[ns]")
    return replace(checked, orders=checked.orders.assign(**{AGREED_SINCE: days}))

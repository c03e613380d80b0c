"""The backtest of a lead-time model: fitted anew on past snapshot days, its forecasts laid beside what came."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from configs.progress import Progress, no_progress
from configs.schema import Config
from features.contract.tables import Tables
from features.orders.order_history import order_history
from features.orders.supplier_calendar import SupplierCalendar
from training.evaluation.backtest_frames import LEAD_TIME_COLUMNS, lead_time_frame
from training.model_factories import ModelFactories

SNAPSHOTS = 2
"""Snapshots at which training tests its lead times when the config lists none."""

ENOUGH_ORDERS = 30
"""Closed orders below which a lead-time backtest says nothing."""


def backtest_lead_times(
    tables: Tables,
    config: Config,
    factories: ModelFactories,
    *,
    cutoffs: Sequence[pd.Timestamp],
    as_of: pd.Timestamp,
    progress: Progress = no_progress,
) -> pd.DataFrame:
    """Backtest the lead-time model: fit it on what was known on each snapshot day, predict the orders still to come.

    Orders placed later are `new` (age 0), those placed but not received by then are `open`, given their age.
    `lead_time` is what is known by `as_of`, NaN for what is open still. A day before the first order gives no rows.
    """
    supplier_calendar = SupplierCalendar.of(tables)
    known = order_history(tables, as_of)
    outcome = known[["order_id", "line", "lead_time"]]
    parts = [pd.DataFrame(columns=LEAD_TIME_COLUMNS)]
    for i, day in enumerate(sorted(set(cutoffs))):
        progress(f"Lead times as of {day:%Y-%m-%d}", i / len(cutoffs))
        history = order_history(tables, day)
        if not len(history):
            continue
        model = factories.lead_time(config, supplier_calendar).fit(history)
        still_open = (
            history[history["is_open"]].drop(columns="lead_time").merge(outcome, on=["order_id", "line"])
        )
        placed_later = known[known["ordered_at"] > day].assign(age=0.0)
        for kind, rows in (("open", still_open), ("new", placed_later)):
            if len(rows):
                distribution = model.predict(rows)
                if kind == "open":
                    distribution = distribution.above(rows["age"].to_numpy())
                parts.append(lead_time_frame(rows, distribution, cutoff=day, kind=kind))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def snapshot_days(orders: pd.DataFrame, listed: Sequence[date]) -> list[pd.Timestamp]:
    """Snapshot days of training's lead-time backtest: those listed, else when 60 % and 80 % of orders were placed.

    None when too few orders are closed to say anything.
    """
    if (~orders["is_open"]).sum() < ENOUGH_ORDERS:
        return []
    if listed:
        return [pd.Timestamp(day) for day in listed]
    shares = np.linspace(0.4, 1.0, SNAPSHOTS + 2)[1:-1]
    return list(orders["ordered_at"].quantile(shares, interpolation="lower").dt.normalize().unique())

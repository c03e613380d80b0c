"""What would have been forecast at past cutoffs, by models that knew nothing of what came after."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from configs.errors import ConfigError
from configs.schema import Config
from features.contract.tables import DataError, Tables
from features.demand.panel import Panel, make_panel
from features.orders.history import order_history
from features.orders.supplier_calendar import SupplierCalendar
from training.evaluation.frames import (
    DEMAND,
    LEAD_TIME,
    DemandFrames,
    actual_demand,
    demand_frames,
    lead_time_frame,
)  # fmt: skip
from training.horizon import choose_horizon
from training.makers import ModelFactories, purvey_models
from training.progress import Progress, part, silent

SNAPSHOTS = 2
"""Snapshots at which training tests its lead times when the config lists none."""

ENOUGH_ORDERS = 30
"""Closed orders below which a lead-time backtest says nothing."""


def backtest(
    config: Config,
    source: str,
    out: Path,
    *,
    cutoffs: Sequence[date] = (),
    makers: ModelFactories | None = None,
    progress: Progress = silent,
) -> list[Path]:
    """Write `demand.parquet`, `demand_cumulative.parquet` and, with purchase orders, `lead_time.parquet` into `out`.

    At each cutoff both models are fitted anew on what was known then.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    cutoffs : in place of the config's
    makers : the models to test; none: ours

    Raises
    ------
    ConfigError
        When neither the config nor the call names a cutoff.
    DataError
        When the source cannot be used, or nothing lies before the cutoffs.
    """
    from database.sources import load_tables

    days = tuple(pd.Timestamp(day) for day in cutoffs)
    of_demand = days or tuple(pd.Timestamp(day) for day in config.demand.cutoffs)
    of_lead_times = days or tuple(pd.Timestamp(day) for day in config.lead_time.cutoffs) or of_demand
    if not of_lead_times:
        raise ConfigError("no cutoff: list demand.cutoffs in the config or give --cutoff DATE")
    progress("Reading the tables", 0.0)
    checked = load_tables(source, config.data)
    makers = makers or purvey_models()
    frames = backtest_demand(
        checked.tables,
        config,
        makers,
        freq=checked.freq,
        cutoffs=of_demand,
        progress=part(progress, 0.05, 0.8),
    )
    files = {
        "demand.parquet": frames.period[[name for name in DEMAND if name != "k"]],
        "demand_cumulative.parquet": frames.cumulative[DEMAND],
    }
    if len(checked.tables.purchase_orders):
        files["lead_time.parquet"] = backtest_lead_times(
            checked.tables, config, makers, cutoffs=of_lead_times, as_of=checked.as_of,
            progress=part(progress, 0.8, 1.0),
        )  # fmt: skip
    if not any(len(frame) for frame in files.values()):
        raise DataError(f"nothing to test: no demand and no order before {max(of_lead_times):%Y-%m-%d}")
    return _write(files, out)


def backtest_demand(
    tables: Tables,
    config: Config,
    makers: ModelFactories,
    *,
    freq: str,
    cutoffs: Sequence[pd.Timestamp],
    progress: Progress = silent,
) -> DemandFrames:
    """Fit the demand model on what was known at each cutoff (the last `ds` seen) and forecast from there.

    A cutoff before the first demand gives no rows. `y` is NaN out of stock and after the end of the data.
    """
    whole = make_panel(tables, config.data, freq=freq)
    h = demand_horizon(tables, config, whole)
    parts = []
    for i, cutoff in enumerate(sorted(set(cutoffs))):
        progress(f"Demand as of {cutoff:%Y-%m-%d}", i / len(cutoffs))
        if cutoff < whole.ds[0]:
            continue
        panel = make_panel(tables, config.data, freq=freq, cutoff=cutoff, horizon=h)
        forecast = makers.demand(config, h).fit(panel).predict(panel, h)
        parts.append(demand_frames(forecast, actual_demand(whole, forecast)))
    empty = pd.DataFrame(columns=[*DEMAND, "demand_class"])
    return DemandFrames(
        pd.concat([part.period for part in parts], ignore_index=True) if parts else empty,
        pd.concat([part.cumulative for part in parts], ignore_index=True) if parts else empty,
    )


def demand_horizon(tables: Tables, config: Config, panel: Panel) -> int:
    """Return the config's horizon, else the one that covers the longest protection interval."""
    return config.demand.horizon or choose_horizon(
        tables, config.policy.review_period_days, panel.freq, panel.periods
    )


def backtest_lead_times(
    tables: Tables,
    config: Config,
    makers: ModelFactories,
    *,
    cutoffs: Sequence[pd.Timestamp],
    as_of: pd.Timestamp,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Fit the lead-time model on what was known on each snapshot day; predict the orders that were then to come.

    Orders placed later are `new` (age 0), those placed but not received by then are `open`, given their age.
    `lead_time` is what is known by `as_of`, NaN for what is open still. A day before the first order gives no rows.
    """
    covariates, supplier_calendar = config.data.order_covariates, SupplierCalendar.of(tables)
    known = order_history(tables, as_of, covariates)
    outcome = known[["order_id", "line", "lead_time"]]
    parts = [pd.DataFrame(columns=LEAD_TIME)]
    for i, day in enumerate(sorted(set(cutoffs))):
        progress(f"Lead times as of {day:%Y-%m-%d}", i / len(cutoffs))
        seen = order_history(tables, day, covariates)
        if not len(seen):
            continue
        model = makers.lead_time(config, supplier_calendar).fit(seen)
        waiting = seen[seen["is_open"]].drop(columns="lead_time").merge(outcome, on=["order_id", "line"])
        later = known[known["ordered_at"] > day].assign(age=0.0)
        for kind, rows in (("open", waiting), ("new", later)):
            if len(rows):
                total = model.predict(rows)
                given = total.above(rows["age"].to_numpy()) if kind == "open" else total
                parts.append(lead_time_frame(rows, given, cutoff=day, kind=kind))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def snapshot_days(orders: pd.DataFrame, listed: Sequence[date]) -> list[pd.Timestamp]:
    """Return the days training tests its lead times at: those listed, else when 60 % and 80 % of orders were placed.

    None when too few orders are closed to say anything.
    """
    if (~orders["is_open"]).sum() < ENOUGH_ORDERS:
        return []
    if listed:
        return [pd.Timestamp(day) for day in listed]
    shares = np.linspace(0.4, 1.0, SNAPSHOTS + 2)[1:-1]
    return list(orders["ordered_at"].quantile(shares, interpolation="lower").dt.normalize().unique())


def _write(files: dict[str, pd.DataFrame], out: Path) -> list[Path]:
    """Write each frame beside its final place first, so that no half-written file is ever read."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in files.items():
        path = out / name
        frame.to_parquet(path.with_suffix(".part"), index=False)
        path.with_suffix(".part").replace(path)
        paths.append(path)
    return paths

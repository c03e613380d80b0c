"""The backtest of a demand model: fitted anew at each past cutoff, its forecasts laid beside the demand that came."""

from collections.abc import Sequence

import pandas as pd

from configs.progress import Progress, no_progress
from configs.schema import Config
from features.contract.tables import Tables
from features.demand.panel_from_tables import make_panel
from training.evaluation.backtest_frames import DEMAND_COLUMNS, DemandFrames, actual_demand, demand_frames
from training.horizon import demand_horizon
from training.model_factories import ModelFactories


def backtest_demand(
    tables: Tables,
    config: Config,
    factories: ModelFactories,
    *,
    freq: str,
    cutoffs: Sequence[pd.Timestamp],
    progress: Progress = no_progress,
) -> DemandFrames:
    """Backtest the demand model: fit it on what was known at each cutoff (the last `ds` seen) and forecast from there.

    A cutoff before the first demand gives no rows. `y` is NaN out of stock and after the end of the data.
    """
    full_panel = make_panel(tables, config.data, freq=freq)
    h = demand_horizon(tables, config, full_panel)
    parts = []
    for i, cutoff in enumerate(sorted(set(cutoffs))):
        progress(f"Demand as of {cutoff:%Y-%m-%d}", i / len(cutoffs))
        if cutoff < full_panel.ds[0]:
            continue
        panel = make_panel(tables, config.data, freq=freq, cutoff=cutoff, horizon=h)
        forecast = factories.demand(config, h).fit(panel).predict(panel, h)
        parts.append(demand_frames(forecast, actual_demand(full_panel, forecast)))
    empty = pd.DataFrame(columns=[*DEMAND_COLUMNS, "demand_class"])
    return DemandFrames(
        pd.concat([part.period for part in parts], ignore_index=True) if parts else empty,
        pd.concat([part.cumulative for part in parts], ignore_index=True) if parts else empty,
    )

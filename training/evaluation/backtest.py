"""The job of `purvey backtest`: read the tables, backtest both models at past cutoffs, write the three files."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from configs.errors import ConfigError
from configs.progress import Progress, no_progress, sub_progress
from configs.schema import Config
from database.sources.load_tables import load_tables
from features.contract.tables import DataError
from training.evaluation.backtest_frames import DEMAND_COLUMNS
from training.evaluation.demand_backtest import backtest_demand
from training.evaluation.lead_time_backtest import backtest_lead_times
from training.model_factories import ModelFactories, default_factories


def backtest(
    config: Config,
    source: str,
    out: Path,
    *,
    cutoffs: Sequence[date] = (),
    factories: ModelFactories | None = None,
    progress: Progress = no_progress,
) -> list[Path]:
    """Backtest both models and write `demand.parquet`, `demand_cumulative.parquet` and `lead_time.parquet` into `out`.

    At each cutoff both models are fitted anew on what was known then. Without purchase orders there is no
    `lead_time.parquet`.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    cutoffs : in place of the config's
    factories : the models to test; none: ours

    Raises
    ------
    ConfigError
        When neither the config nor the call names a cutoff.
    DataError
        When the source cannot be used, or nothing lies before the cutoffs.
    """
    demand_cutoffs, lead_time_cutoffs = _cutoffs(config, cutoffs)
    factories = factories or default_factories()
    progress("Reading the tables", 0.0)
    checked = load_tables(source, config.data)
    frames = backtest_demand(
        checked.tables,
        config,
        factories,
        freq=checked.freq,
        cutoffs=demand_cutoffs,
        progress=sub_progress(progress, 0.05, 0.8),
    )
    files = {
        "demand.parquet": frames.period[[name for name in DEMAND_COLUMNS if name != "k"]],
        "demand_cumulative.parquet": frames.cumulative[DEMAND_COLUMNS],
    }
    if len(checked.tables.purchase_orders):
        files["lead_time.parquet"] = backtest_lead_times(
            checked.tables,
            config,
            factories,
            cutoffs=lead_time_cutoffs,
            as_of=checked.as_of,
            progress=sub_progress(progress, 0.8, 1.0),
        )
    if not any(len(frame) for frame in files.values()):
        raise DataError(f"nothing to test: no demand and no order before {max(lead_time_cutoffs):%Y-%m-%d}")
    return _write(files, out)


def _cutoffs(
    config: Config, listed: Sequence[date]
) -> tuple[tuple[pd.Timestamp, ...], tuple[pd.Timestamp, ...]]:
    """Cutoffs of the demand and of the lead-time backtest: those `listed` in the call, else the config's."""
    days = tuple(pd.Timestamp(day) for day in listed)
    of_demand = days or tuple(pd.Timestamp(day) for day in config.demand.cutoffs)
    of_lead_times = days or tuple(pd.Timestamp(day) for day in config.lead_time.cutoffs) or of_demand
    if not of_lead_times:
        raise ConfigError("no cutoff: list demand.cutoffs in the config or give --cutoff DATE")
    return of_demand, of_lead_times


def _write(files: dict[str, pd.DataFrame], out: Path) -> list[Path]:
    """Write each backtest frame beside its final place first, so that no half-written file is ever read."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in files.items():
        path = out / name
        frame.to_parquet(path.with_suffix(".part"), index=False)
        path.with_suffix(".part").replace(path)
        paths.append(path)
    return paths

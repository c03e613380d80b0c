"""The monitoring run: scores of stored forecasts on the demand and receipts that came in since training."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from artifacts.bundle import Bundle
from artifacts.bundle_store import open_bundle
from artifacts.home_folder import make_private, open_home
from artifacts.monitor_report import MonitorError, write_monitor_report
from artifacts.parts.forecast_store import ForecastError, read_forecast
from configs.progress import Progress, no_progress
from configs.schema import Config, DataConfig
from database import plan_runs
from database.engine import open_state
from database.ledger import LedgerRow
from database.settings import Settings
from database.sources.load_tables import load_tables, shown_source
from distributions.demand_forecast import DemandForecast
from features.contract.frequency import same_freq
from features.contract.tables import DataError
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.check_result import CheckResult
from jobs.champion import NO_CHAMPION, current_champion
from models.monitoring.demand_scores import empty_scores, score_stored_forecast
from models.monitoring.lead_time_scores import score_by_supplier, score_due_orders
from models.monitoring.naive_benchmark import NaiveBenchmark
from models.monitoring.report import MonitorReport, make_monitor_report

SCORES = "scores.parquet"


@dataclass(frozen=True)
class MonitorResult:
    """What a monitoring run came to: the report, and the files written to OUT."""

    report: MonitorReport
    files: tuple[Path, ...]


def run_monitor(
    settings: Settings,
    *,
    source: str,
    out: Path | None = None,
    config: Config | None = None,
    progress: Progress = no_progress,
) -> MonitorResult:
    """Score the champion's forecasts on what came in since its training, and keep the monitoring report for the pages.

    Judged are forecasts that were stored before the periods they speak of: the champion's own, and those of the plans
    made with it. The scores of each are kept, so that nothing is lost when old plans are cleared away.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    out : folder for the files that other programs read; none: none are written
    config : its `data` section replaces the champion's

    Raises
    ------
    MonitorError
        When no model has been promoted, or a file cannot be written.
    StateError, BundleError, DataError
        When state, model or data cannot be used.
    """
    progress("Reading champion and tables", 0.0)
    open_home(settings.home)
    engine = open_state(settings)
    try:
        champion = current_champion(engine)
        if champion is None:
            raise MonitorError(NO_CHAMPION)
        bundle = open_bundle(settings.bundles, champion.bundle_hash)
        data = bundle.data_config if config is None else config.data
        checked = load_tables(source, data)
        progress("Scoring", 0.5)
        folder = settings.monitoring / bundle.hash
        stored = _stored_forecasts(settings, engine, bundle)
        scores = _demand_scores(bundle, _panel(bundle, checked, data), stored, _earlier_scores(folder))
    finally:
        engine.dispose()
    report = make_monitor_report(
        _facts(champion, bundle, checked, source),
        backtest=bundle.backtest,
        live=scores,
        lead_times=_lead_time_scores(bundle, checked),
    )
    progress("Writing", 0.9)
    write_monitor_report(folder, {SCORES: scores}, report.to_json())
    make_private(settings.monitoring)
    tables = {"monitor_demand.parquet": scores, "monitor_lead_time.parquet": report.lead_times}
    files = () if out is None else write_monitor_report(out, tables, report.to_json(), "monitor.json")
    progress("Done", 1.0)
    return MonitorResult(report, files)


def _panel(bundle: Bundle, checked: CheckResult, data: DataConfig) -> Panel:
    """The demand panel as known now; a `DataError` where it cannot be compared with what the champion learned from."""
    freq, cutoff = str(bundle.info["freq"]), pd.Timestamp(bundle.info["cutoff"])
    if not same_freq(checked.freq, freq):
        raise DataError(f"demand is {checked.freq} now, the champion was trained on {freq}; train again")
    panel = make_panel(checked.tables, data, freq=freq)
    if panel.ds[0] > cutoff:
        raise DataError(
            f"demand begins on {pd.Timestamp(panel.ds[0]):%Y-%m-%d}, after all the champion was trained on "
            f"(up to {cutoff:%Y-%m-%d}); give the whole history"
        )
    return panel


def _stored_forecasts(settings: Settings, engine: Engine, bundle: Bundle) -> Iterator[DemandForecast]:
    """The champion's own forecast, and one of each later cutoff from its plans that are still on disk.

    A plan as of a day before training is left out: the champion has learned from what it would be judged on.
    """
    yield bundle.forecast
    cutoffs = {bundle.forecast.cutoff}
    for run in plan_runs.runs_of_bundle(engine, bundle.hash):
        try:
            forecast = read_forecast(settings.plans / run.folder / "forecast_levels.parquet")
        except ForecastError:
            continue  # cleared away
        if forecast.cutoff > bundle.forecast.cutoff and forecast.cutoff not in cutoffs:
            cutoffs.add(forecast.cutoff)
            yield forecast


def _demand_scores(
    bundle: Bundle, panel: Panel, forecasts: Iterator[DemandForecast], earlier: pd.DataFrame
) -> pd.DataFrame:
    """Scores of every stored forecast on the panel; for those no longer on disk, `earlier` scores."""
    cutoff = pd.Timestamp(bundle.info["cutoff"])
    naive = NaiveBenchmark.of(panel.until(int((panel.ds <= cutoff).sum())))
    parts, cutoffs = [], []
    for forecast in forecasts:
        cutoffs.append(forecast.cutoff)
        parts.append(score_stored_forecast(forecast, panel, naive))
    parts.append(earlier[~earlier["cutoff"].isin(cutoffs)])
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else empty_scores()
    return rows.sort_values(["cutoff", "ds", "demand_class"], ignore_index=True)


def _earlier_scores(folder: Path) -> pd.DataFrame:
    """Demand scores that earlier monitoring runs of the champion left."""
    try:
        return pd.read_parquet(folder / SCORES)
    except (OSError, ValueError):  # none yet, or damaged: what is on disk is scored anew
        return empty_scores()


def _lead_time_scores(bundle: Bundle, checked: CheckResult) -> pd.DataFrame:
    """Scores by supplier of the champion's lead times, on orders that came due since its training."""
    trained = pd.Timestamp(bundle.info["as_of"])
    model = bundle.lead_time.with_calendar(SupplierCalendar.of(checked.tables))
    return score_by_supplier(score_due_orders(model, checked.orders, trained=trained, as_of=checked.as_of))


def _facts(champion: LedgerRow, bundle: Bundle, checked: CheckResult, source: str) -> dict[str, Any]:
    """Facts of the monitoring run: which champion, which data, which day."""
    return {
        "model": champion.version,
        "bundle": bundle.hash,
        "freq": bundle.info["freq"],
        "cutoff": bundle.info["cutoff"],
        "as_of": f"{checked.as_of:%Y-%m-%d}",
        "source": shown_source(source),
    }

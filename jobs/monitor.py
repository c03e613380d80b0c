"""The monitoring run: what came in since the champion was trained, against what was forecast and stored before."""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import Engine

from artifacts.bundle import Bundle, open_bundle
from artifacts.forecast_store import ForecastError, read_forecast
from artifacts.monitor_report import REPORT
from configs.errors import DomainError
from configs.schema import DataConfig
from database import ledger, plan_runs
from database.engine import open_engine
from database.ledger import LedgerRow
from database.migrate import check_current, has_tables
from database.settings import Settings
from database.sources import load_tables
from distributions.demand_forecast import DemandForecast
from features.contract.tables import DataError
from features.demand.panel import Panel, make_panel
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.checked import Checked
from jobs.plan import NO_CHAMPION, shown_source
from models.monitoring.lead_times import by_supplier, due_orders
from models.monitoring.report import Report, make_report
from models.monitoring.scores import Yardstick, live_scores, no_scores

Progress = Callable[[str, float], None]

SCORES = "scores.parquet"


class MonitorError(DomainError):
    """A monitoring run that cannot be made: says what is missing and the fix."""


class HasData(Protocol):
    """What is taken from a config: how the data are read."""

    @property
    def data(self) -> DataConfig:
        """The `data` section."""
        ...


@dataclass(frozen=True)
class MonitorResult:
    """What a run came to: the report, and the files written to OUT."""

    report: Report
    files: tuple[Path, ...]


def run_monitor(
    settings: Settings,
    *,
    source: str,
    out: Path | None = None,
    config: HasData | None = None,
    progress: Progress = lambda _what, _done: None,
) -> MonitorResult:
    """Score the champion on what came in since its training, and keep the result for the pages.

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
    engine = open_engine(settings.state_url)
    try:
        if not has_tables(engine):
            raise MonitorError(NO_CHAMPION)
        check_current(engine)
        champion = ledger.champion(engine)
        if champion is None:
            raise MonitorError(NO_CHAMPION)
        bundle = open_bundle(settings.bundles, champion.bundle_hash)
        data = DataConfig.model_validate(bundle.config["data"]) if config is None else config.data
        checked = load_tables(source, data)
        progress("Scoring", 0.5)
        kept = settings.monitoring / bundle.hash
        stored = _stored_forecasts(settings, engine, bundle)
        scores = _scores(bundle, _panel(bundle, checked, data), stored, _kept_scores(kept))
    finally:
        engine.dispose()
    report = make_report(
        _facts(champion, bundle, checked, source),
        backtest=bundle.backtest, live=scores, lead_times=_lead_times(bundle, checked),
    )  # fmt: skip
    progress("Writing", 0.9)
    _write(kept, {SCORES: scores}, report)
    tables = {"monitor_demand.parquet": scores, "monitor_lead_time.parquet": report.lead_times}
    files = () if out is None else _write(out, tables, report, "monitor.json")
    progress("Done", 1.0)
    return MonitorResult(report, files)


def _panel(bundle: Bundle, checked: Checked, data: DataConfig) -> Panel:
    freq, cutoff = str(bundle.info["freq"]), pd.Timestamp(bundle.info["cutoff"])
    if checked.freq != freq:
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
    seen = {bundle.forecast.cutoff}
    for run in plan_runs.made_with(engine, bundle.hash):
        try:
            forecast = read_forecast(settings.plans / run.folder / "forecast_levels.parquet")
        except ForecastError:
            continue  # cleared away
        if forecast.cutoff > bundle.forecast.cutoff and forecast.cutoff not in seen:
            seen.add(forecast.cutoff)
            yield forecast


def _scores(
    bundle: Bundle, panel: Panel, forecasts: Iterator[DemandForecast], kept: pd.DataFrame
) -> pd.DataFrame:
    """Score every stored forecast on the panel; of forecasts that are gone, the scores they were given before."""
    cutoff = pd.Timestamp(bundle.info["cutoff"])
    stick = Yardstick.of(panel.until(int((panel.ds <= cutoff).sum())))
    parts, there = [], []
    for forecast in forecasts:
        there.append(forecast.cutoff)
        parts.append(live_scores(forecast, panel, stick))
    parts.append(kept[~kept["cutoff"].isin(there)])
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else no_scores()
    return rows.sort_values(["cutoff", "ds", "demand_class"], ignore_index=True)


def _kept_scores(folder: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(folder / SCORES)
    except (OSError, ValueError):  # none yet, or damaged: what is on disk is scored anew
        return no_scores()


def _lead_times(bundle: Bundle, checked: Checked) -> pd.DataFrame:
    trained = pd.Timestamp(bundle.info["as_of"])
    model = bundle.lead_time.knowing(SupplierCalendar.of(checked.tables))
    return by_supplier(due_orders(model, checked.orders, trained=trained, as_of=checked.as_of))


def _facts(champion: LedgerRow, bundle: Bundle, checked: Checked, source: str) -> dict[str, Any]:
    return {
        "model": champion.version,
        "bundle": bundle.hash,
        "freq": bundle.info["freq"],
        "cutoff": bundle.info["cutoff"],
        "as_of": f"{checked.as_of:%Y-%m-%d}",
        "source": shown_source(source),
    }


def _write(
    folder: Path, tables: dict[str, pd.DataFrame], report: Report, name: str = REPORT
) -> tuple[Path, ...]:
    """Write the tables and the report: all are there before one is replaced."""
    staging = folder / f".incoming-{uuid.uuid4().hex}"
    try:
        staging.mkdir(parents=True)
        for file, table in tables.items():
            table.to_parquet(staging / file, index=False)
        text = json.dumps(report.to_json(), indent=1, allow_nan=False)
        (staging / name).write_text(text, encoding="utf-8")
        for file in (*tables, name):
            os.replace(staging / file, folder / file)  # noqa: PTH105 -- atomic everywhere
    except OSError as error:
        raise MonitorError(f"{folder}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(folder / file for file in (*tables, name))

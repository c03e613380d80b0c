"""Peers of the demand benchmark: single models of statsforecast with conformal intervals, and Purvey itself."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd

from configs.schema import DemandConfig
from distributions.distribution import Array
from features.contract.frequency import season_length
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster

LEVELS: Array = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])

MOST_WINDOWS = 5
"""Windows of h periods whose errors make the intervals, at most."""

LEAST_HISTORY = 8
"""Periods before the first window, at least."""

SHORT_SEASON = 12
"""Longest season that AutoETS is given: with 52 it does seven series a second."""

SLOW = ("AutoETS", "AutoTheta", "AutoCES", "AutoMFLES")
"""Models that are worth a second process."""

MANY = 300
"""SKUs from which they are: a process begins with a minute of compiling."""


@dataclass(frozen=True)
class QuantileForecast:
    """A peer's quantile forecasts of n SKUs for h periods.

    Attributes
    ----------
    mean : array (n, h)
    period, cumulative : arrays (n, h, Q), quantiles of periods and of running sums
    levels : array (Q,), `LEVELS` among them
    """

    mean: Array
    period: Array
    cumulative: Array
    levels: Array = field(default_factory=LEVELS.copy)

    @classmethod
    def of_periods(cls, mean: Array, period: Array) -> Self:
        """Forecast whose quantiles of sums follow from those of periods: independent errors, squared distances add."""
        ordered = np.sort(np.maximum(period, 0.0), axis=2)
        gap = ordered - mean[:, :, None]
        squares = np.cumsum(np.sign(gap) * gap**2, axis=1)
        spread = np.sign(squares) * np.sqrt(np.abs(squares))
        total = np.cumsum(mean, axis=1)[:, :, None]
        return cls(mean, ordered, np.sort(np.maximum(total + spread, 0.0), axis=2))


Peer = Callable[[Panel, int], QuantileForecast]
"""Panel and horizon → forecasts of the periods after its end."""


@dataclass(frozen=True)
class LaterPeer:
    """A peer that needs what other contenders forecast of the same panel, by name, or the seconds they took."""

    forecast: Callable[[Panel, int, Mapping[str, QuantileForecast], Mapping[str, float]], QuantileForecast]


def forecast_in_turn(
    panel: Panel, h: int, contenders: Mapping[str, Peer | LaterPeer]
) -> tuple[dict[str, QuantileForecast], dict[str, float]]:
    """Forecasts of all contenders, each with its seconds."""
    forecasts: dict[str, QuantileForecast] = {}
    seconds: dict[str, float] = {}
    for name, contender in contenders.items():
        started = time.perf_counter()
        if isinstance(contender, LaterPeer):
            forecasts[name] = contender.forecast(panel, h, forecasts, seconds)
        else:
            forecasts[name] = contender(panel, h)
        seconds[name] = time.perf_counter() - started
        print(f"{panel.cutoff.date()} {name}: {seconds[name]:.0f} s", file=sys.stderr, flush=True)
    return forecasts, seconds


def _models(season: int) -> Mapping[str, Callable[[], Any]]:
    """Peers' constructors: the statsforecast models by name, with `season` periods a season."""
    from statsforecast import models as sf

    return {
        "SeasonalNaive": lambda: sf.SeasonalNaive(season_length=season),
        "AutoETS": lambda: sf.AutoETS(
            season_length=season if season <= SHORT_SEASON else 1
        ),  # 52: 7 series a second
        "AutoTheta": lambda: sf.AutoTheta(season_length=season, alias="AutoTheta"),
        "AutoCES": lambda: sf.AutoCES(season_length=season, alias="AutoCES"),
        "CrostonSBA": sf.CrostonSBA,
        "TSB": lambda: sf.TSB(alpha_d=0.1, alpha_p=0.1),
        "IMAPA": sf.IMAPA,
        "AutoMFLES": lambda: sf.AutoMFLES(
            test_size=max(season // 4, 2), season_length=season if season > 1 else None, alias="AutoMFLES"
        ),
    }


CLASSICAL = tuple(_models(1))


def classical(name: str) -> Peer:
    """Peer that forecasts with one statsforecast model and conformal intervals.

    Up to half of a SKU's history is spent on the windows whose errors make the intervals. The model has a season
    where two of them precede the first window. SKUs too short for two windows get the quantiles of their own past.
    """

    def forecast(panel: Panel, h: int) -> QuantileForecast:
        """Forecast demand with as many conformal windows as each SKU's history allows."""
        y = fill_gaps(panel)
        known = ~np.isnan(y)
        length = np.where(known.any(axis=1), panel.periods - known.argmax(axis=1), 0)
        most = min(panel.periods // 2 // h, MOST_WINDOWS)
        windows = np.select([length >= 2 * h * most, length >= 2 * h + LEAST_HISTORY], [most, 2], 0)
        mean, quantiles = empirical_quantiles(y, h)
        for count in set(windows[windows >= 2]):
            rows = np.flatnonzero(windows == count)
            season = season_length(panel.freq)
            spare = length[rows].min() - count * h
            fits = spare >= (1 if name == "SeasonalNaive" else 2) * season
            model = _models(season if fits else 1)[name]()
            mean[rows], quantiles[rows] = _forecast(model, y[rows], h, int(count))
        return QuantileForecast.of_periods(mean, quantiles)

    return forecast


def with_own_intervals(name: str) -> Peer:
    """Peer that forecasts with one statsforecast model and the intervals that the model itself has, by its errors.

    On long, smooth series these are sharper than conformal ones. The model has a season where a SKU's past has two.
    """

    def forecast(panel: Panel, h: int) -> QuantileForecast:
        """Forecast demand of the SKUs with a season in their past, and of those without."""
        y, season = fill_gaps(panel), season_length(panel.freq)
        known = (~np.isnan(y)).sum(axis=1)
        mean, quantiles = empirical_quantiles(y, h)
        seasonal = known >= 2 * season
        for periods, served in ((season, seasonal), (1, ~seasonal & (known >= LEAST_HISTORY))):
            rows = np.flatnonzero(served)
            if len(rows):
                mean[rows], quantiles[rows] = _forecast(_models(periods)[name](), y[rows], h, 0)
        return QuantileForecast.of_periods(mean, quantiles)

    return forecast


def fill_gaps(panel: Panel) -> Array:
    """Demand as peers see it, (n, T): censored and missing periods interpolated; NaN before the first known one.

    statsforecast takes no gaps, and zeros in them would make every peer biased.
    """
    frame = pd.DataFrame(panel.known_demand.T)
    return np.asarray(frame.interpolate(limit_area="inside").ffill().to_numpy().T)


def empirical_quantiles(y: Array, h: int) -> tuple[Array, Array]:
    """What a peer forecasts of too short a SKU: mean (n, h), quantiles (n, h, 7) of its own history; zeros without."""
    n = len(y)
    mean, quantiles = np.zeros(n), np.zeros((len(LEVELS), n))
    rows = ~np.isnan(y).all(axis=1)
    if rows.any():
        mean[rows] = np.nanmean(y[rows], axis=1)
        quantiles[:, rows] = np.nanquantile(y[rows], LEVELS, axis=1)
    return np.repeat(mean[:, None], h, axis=1), np.repeat(quantiles.T[:, None], h, axis=1)


def _forecast(model: Any, y: Array, h: int, windows: int) -> tuple[Array, Array]:
    """Statsforecast's mean (n, h) and quantiles (n, h, 7) of histories (n, T) that may start with NaN.

    Conformal ones from so many windows; 0: the model's own.
    """
    from statsforecast import StatsForecast
    from statsforecast.models import HistoricAverage
    from statsforecast.utils import ConformalIntervals

    i, t = np.nonzero(~np.isnan(y))
    frame = pd.DataFrame({"unique_id": i, "ds": t, "y": y[i, t]})
    processes = 2 if str(model) in SLOW and len(y) >= MANY else 1
    engine = StatsForecast(models=[model], freq=1, fallback_model=HistoricAverage(), n_jobs=processes)
    conformal = ConformalIntervals(n_windows=windows, h=h) if windows else None
    out = engine.forecast(df=frame, h=h, level=[50, 80, 90], prediction_intervals=conformal)
    name = str(model)
    sides = [f"{name}-lo-{w}" for w in (90, 80, 50)] + [name] + [f"{name}-hi-{w}" for w in (50, 80, 90)]
    values = np.nan_to_num(out.sort_values(["unique_id", "ds"])[sides].to_numpy(float)).reshape(len(y), h, -1)
    return np.maximum(values[:, :, 3], 0.0), values


def purvey_peer(config: DemandConfig) -> Peer:
    """Peer that forecasts with Purvey's own demand model, by a data set's config, to stand beside the others."""

    def forecast(panel: Panel, h: int) -> QuantileForecast:
        ahead = DemandForecaster(config, h).fit(panel).predict(panel, h)
        return QuantileForecast(ahead.mean, ahead.quantiles, ahead.cumulative, ahead.levels)

    return forecast

"""Counterfactuals: a panel with price, promotion and events at their baseline, and their effects against it."""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.covariate_features import Covariate
from features.demand.feature_rows.prefix_sums import PrefixSums
from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array, Panel
from models.demand.attribution.explanation import EVENTS
from models.demand.members.training_rows import Indices

BASELINE_PERIODS = 52
"""Past periods whose median is a covariate's baseline."""

Forecast = Callable[[frozenset[str], Indices, Indices], Array]
"""Log forecasts (R,) with some causes at their baseline, for SKU i (R,) and step 0 … (R,)."""


def causes(panel: Panel) -> tuple[str, ...]:
    """Names of the causes that can have an effect of their own: the covariates, then the events together."""
    return (*panel.covariates, *((EVENTS,) if panel.events else ()))


def at_baseline(panel: Panel, names: Collection[str]) -> Panel:
    """The counterfactual panel with the causes `names` at their baseline.

    A covariate known in advance has the median of its last 52 known periods in every period ahead; one that is not
    has it in the last period that was seen. Where no value was known there is still none. Events do not happen.
    """
    covariates = {
        name: _baseline(values, panel, name) if name in names else values
        for name, values in panel.covariates.items()
    }
    events = panel.events
    if EVENTS in names:
        events = {name: _no_event_ahead(values, panel.periods) for name, values in panel.events.items()}
    return replace(panel, covariates=covariates, events=events)


def own_at_baseline(prepared: PreparedPanel, names: Collection[str]) -> PreparedPanel:
    """Counterfactual feature look-up with each SKU's own causes `names` at baseline, its neighbours' as they are."""
    panel = at_baseline(prepared.panel, names)
    covariates = {
        name: replace(covariate, own=PrefixSums.of(panel.covariates[name])) if name in names else covariate
        for name, covariate in prepared.covariates.items()
    }
    return replace(prepared, panel=panel, covariates=covariates)


def all_at_baseline(prepared: PreparedPanel) -> PreparedPanel:
    """Counterfactual feature look-up with all causes of all SKUs at their baseline."""
    panel = at_baseline(prepared.panel, causes(prepared.panel))
    covariates = {
        name: Covariate.of(panel, name, covariate.window) for name, covariate in prepared.covariates.items()
    }
    return replace(prepared, panel=panel, covariates=covariates)


def off_baseline(panel: Panel, h: int) -> dict[str, NDArray[np.bool_]]:
    """Whether a cause of the SKU's own is off its baseline in a period ahead or the one before it: cause → (n, h)."""
    baseline = at_baseline(panel, causes(panel))
    shown = slice(panel.periods - 1, panel.periods + h)
    result = {}
    for name, values in panel.covariates.items():
        differs = (values[:, shown] != baseline.covariates[name][:, shown]) & ~np.isnan(values[:, shown])
        last = np.broadcast_to(differs[:, :1], (len(panel), h))
        result[name] = _during_or_after(differs, h) if name in panel.known else last
    if panel.events:
        happens = [
            values[:, shown] > baseline.events[name][:, shown] for name, values in panel.events.items()
        ]
        result[EVENTS] = _during_or_after(np.logical_or.reduce(happens), h)
    return result


def _during_or_after(differs: NDArray[np.bool_], h: int) -> NDArray[np.bool_]:
    """Periods ahead (n, h) that differ, or come after one that does; columns start at the last period seen."""
    padded = np.zeros((len(differs), h + 1), bool)
    padded[:, : differs.shape[1]] = differs
    return np.asarray(padded[:, 1:] | padded[:, :-1])


def counterfactual_effects(forecast: Forecast, panel: Panel, full: Array) -> dict[str, Array]:
    """What each of a SKU's own causes adds to its log forecast `full` (n, h); cause → (n, h).

    Where one cause is off its baseline, the whole difference is its effect. Where several are, each has the mean of
    what it does alone and of what it does on top of all others (of two causes, the Shapley value), and the rest is
    split by the size of these. A cause at its baseline has exactly no effect.
    """
    off = off_baseline(panel, full.shape[1])
    names = frozenset(off)
    result = {name: np.zeros_like(full) for name in off}
    if not off:
        return result
    count = np.sum(list(off.values()), axis=0)
    i, s = np.nonzero(count == 1)
    if len(i):
        single = full[i, s] - forecast(names, i, s)
        for name, active in off.items():
            result[name][i, s] = np.where(active[i, s], single, 0.0)
    i, s = np.nonzero(count > 1)
    if len(i):
        for name, effect in _joint_effects(forecast, full[i, s], (i, s), off).items():
            result[name][i, s] = effect
    return result


def _joint_effects(
    forecast: Forecast, full: Array, at: tuple[Indices, Indices], off: dict[str, NDArray[np.bool_]]
) -> dict[str, Array]:
    """Effects (R,) of the causes on the log forecasts `full` (R,) where several are off their baseline."""
    names = frozenset(off)
    baselines = {
        frozenset[str](),
        names,
        *(frozenset({name}) for name in off),
        *(names - {name} for name in off),
    }
    logs = {baseline: forecast(baseline, *at) if baseline else full for baseline in baselines}
    plain = logs[names]
    effects = {
        name: (logs[names - {name}] - plain + full - logs[frozenset({name})]) / 2 * active[at]
        for name, active in off.items()
    }
    size = np.sum([np.abs(effect) for effect in effects.values()], axis=0)
    rest = (full - plain - np.sum(list(effects.values()), axis=0)) / np.where(size > 0, size, 1.0)
    return {name: effect + np.abs(effect) * rest for name, effect in effects.items()}


def _baseline(values: Array, panel: Panel, name: str) -> Array:
    """Values (n, T + future) of the covariate `name`, those ahead (or else the last one seen) at their baseline."""
    T = panel.periods
    median = _lower_median(values[:, max(T - BASELINE_PERIODS, 0) : T])[:, None]
    ahead = slice(T, None) if name in panel.known else slice(T - 1, T)
    result = values.copy()
    result[:, ahead] = np.where(np.isnan(values[:, ahead]) | np.isnan(median), values[:, ahead], median)
    return result


def _lower_median(values: Array) -> Array:
    """Lower median of each row, NaN where nothing is known: a value that has been, for a flag 0 or 1."""
    known = (~np.isnan(values)).sum(axis=1)
    return np.asarray(np.sort(values, axis=1)[np.arange(len(values)), np.maximum(known - 1, 0) // 2])


def _no_event_ahead(values: Array, periods: int) -> Array:
    """An event's indicator (n, T + future) with nothing happening after the first `periods` periods."""
    ahead = np.arange(values.shape[1]) >= periods
    if values.strides[0] == 0:  # an event for everybody is one row: 30,000 copies of it would take 40 MB
        return np.broadcast_to(np.where(ahead, 0.0, values[:1]), values.shape)
    return np.where(ahead, 0.0, values)

"""The panel as if nothing special lay ahead: the baseline of the effects of price, promotion and events."""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from features.panel import Array, Panel

MEMORY = 52
"""Past periods whose median is a covariate's usual value."""

EVENTS = ""
"""All events together, as one cause: no covariate can be called so."""


def causes(panel: Panel) -> tuple[str, ...]:
    """Names of what can have an effect of its own: the covariates, then the events together."""
    return (*panel.covariates, *((EVENTS,) if panel.events else ()))


def as_usual(panel: Panel, names: Collection[str]) -> Panel:
    """The panel with the causes `names` as usual.

    A covariate known in advance has the median of its last 52 known periods in every period ahead; one that is not
    has it in the last period that was seen. Where no value was known there is still none. Events do not happen.
    """
    covariates = {
        name: _usual(values, panel, name) if name in names else values
        for name, values in panel.covariates.items()
    }
    events = panel.events
    if EVENTS in names:
        events = {name: _without(values, panel.periods) for name, values in panel.events.items()}
    return replace(panel, covariates=covariates, events=events)


def effects(log_forecast: Callable[[Panel], Array], panel: Panel) -> dict[str, Array]:
    """What each cause adds to a log forecast, against the panel as usual; cause → array (n, h).

    The mean of what a cause does alone and of what it does on top of all others (for two causes the Shapley value);
    the rest, for three and more, goes to the causes by the size of their effects. A cause that is as usual has
    exactly no effect.

    Parameters
    ----------
    log_forecast : log of the forecast for a panel, shape (n, h)
    """
    names = causes(panel)
    if not names:
        return {}
    full, plain = log_forecast(panel), log_forecast(as_usual(panel, names))
    found = {}
    for name in names:
        alone = log_forecast(as_usual(panel, [other for other in names if other != name])) - plain
        found[name] = (alone + full - log_forecast(as_usual(panel, [name]))) / 2
    size = np.sum([np.abs(effect) for effect in found.values()], axis=0)
    rest = full - plain - np.sum(list(found.values()), axis=0)
    share = rest / np.where(size > 0, size, 1.0)
    return {name: effect + np.abs(effect) * share for name, effect in found.items()}


def _usual(values: Array, panel: Panel, name: str) -> Array:
    T = panel.periods
    usual = _median(values[:, max(T - MEMORY, 0) : T])[:, None]
    ahead = slice(T, None) if name in panel.known else slice(T - 1, T)
    result = values.copy()
    result[:, ahead] = np.where(np.isnan(values[:, ahead]) | np.isnan(usual), values[:, ahead], usual)
    return result


def _median(values: Array) -> Array:
    """Lower median of each row, NaN where nothing is known: a value that has been, for a flag 0 or 1."""
    known = (~np.isnan(values)).sum(axis=1)
    return np.asarray(np.sort(values, axis=1)[np.arange(len(values)), np.maximum(known - 1, 0) // 2])


def _without(values: Array, periods: int) -> Array:
    ahead = np.arange(values.shape[1]) >= periods
    if values.strides[0] == 0:  # an event for everybody is one row: 30,000 copies of it would take 40 MB
        return np.broadcast_to(np.where(ahead, 0.0, values[:1]), values.shape)
    return np.where(ahead, 0.0, values)

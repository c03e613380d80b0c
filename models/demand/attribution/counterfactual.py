"""The panel as if nothing special lay ahead: the baseline of the effects of price, promotion and events."""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from features.demand.covariates import Covariate
from features.demand.panel import Array, Panel
from features.demand.prefix_sums import PrefixSums
from features.demand.rows import PreparedPanel

MEMORY = 52
"""PastCycles periods whose median is a covariate's usual value."""

EVENTS = ""
"""All events together, as one cause: no covariate can be called so."""

Rows = NDArray[np.int64]


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


def own_as_usual(prepared: PreparedPanel, names: Collection[str]) -> PreparedPanel:
    """What features are looked up from, with each SKU's own causes `names` as usual, those around it as they are."""
    panel = as_usual(prepared.panel, names)
    covariates = {
        name: replace(covariate, own=PrefixSums.of(panel.covariates[name])) if name in names else covariate
        for name, covariate in prepared.covariates.items()
    }
    return replace(prepared, panel=panel, covariates=covariates)


def all_as_usual(prepared: PreparedPanel) -> PreparedPanel:
    """What features are looked up from, with everything as usual for every SKU."""
    panel = as_usual(prepared.panel, causes(prepared.panel))
    covariates = {
        name: Covariate.of(panel, name, covariate.window) for name, covariate in prepared.covariates.items()
    }
    return replace(prepared, panel=panel, covariates=covariates)


def unusual(panel: Panel, h: int) -> dict[str, NDArray[np.bool_]]:
    """Whether a cause of the SKU's own is not as usual in a period ahead or the one before it: cause → (n, h)."""
    usual = as_usual(panel, causes(panel))
    seen = slice(panel.periods - 1, panel.periods + h)
    found = {}
    for name, values in panel.covariates.items():
        differs = (values[:, seen] != usual.covariates[name][:, seen]) & ~np.isnan(values[:, seen])
        last = np.broadcast_to(differs[:, :1], (len(panel), h))
        found[name] = _touched(differs, h) if name in panel.known else last
    if panel.events:
        happens = [values[:, seen] > usual.events[name][:, seen] for name, values in panel.events.items()]
        found[EVENTS] = _touched(np.logical_or.reduce(happens), h)
    return found


def _touched(differs: NDArray[np.bool_], h: int) -> NDArray[np.bool_]:
    """Periods ahead (n, h) that differ, or come after one that does; columns start at the last period seen."""
    whole = np.zeros((len(differs), h + 1), bool)
    whole[:, : differs.shape[1]] = differs
    return np.asarray(whole[:, 1:] | whole[:, :-1])


def effects(
    forecast: Callable[[frozenset[str], Rows, Rows], Array], panel: Panel, full: Array
) -> dict[str, Array]:
    """What each of a SKU's own causes adds to its log forecast `full` (n, h); cause → (n, h).

    Where one cause is not as usual, the whole difference is its effect. Where several are, each has the mean of what
    it does alone and of what it does on top of all others (of two causes, the Shapley value), and the rest is shared
    by the size of these. A cause that is as usual has exactly no effect.

    Parameters
    ----------
    forecast : log forecasts (R,) with some causes as usual, for SKU i (R,) and step 0 … (R,)
    """
    on = unusual(panel, full.shape[1])
    names = frozenset(on)
    found = {name: np.zeros_like(full) for name in on}
    if not on:
        return found
    count = np.sum(list(on.values()), axis=0)
    i, s = np.nonzero(count == 1)
    if len(i):
        single = full[i, s] - forecast(names, i, s)
        for name, active in on.items():
            found[name][i, s] = np.where(active[i, s], single, 0.0)
    i, s = np.nonzero(count > 1)
    if len(i):
        for name, effect in _shared(forecast, full[i, s], (i, s), on).items():
            found[name][i, s] = effect
    return found


def _shared(
    forecast: Callable[[frozenset[str], Rows, Rows], Array],
    full: Array,
    at: tuple[Rows, Rows],
    on: dict[str, NDArray[np.bool_]],
) -> dict[str, Array]:
    """Effects (R,) where several causes are not as usual."""
    names, known = frozenset(on), {frozenset[str](): full}

    def seen(usual: frozenset[str]) -> Array:
        if usual not in known:
            known[usual] = forecast(usual, *at)
        return known[usual]

    plain = seen(names)
    found = {
        name: (seen(names - {name}) - plain + full - seen(frozenset({name}))) / 2 * active[at]
        for name, active in on.items()
    }
    size = np.sum([np.abs(effect) for effect in found.values()], axis=0)
    rest = (full - plain - np.sum(list(found.values()), axis=0)) / np.where(size > 0, size, 1.0)
    return {name: effect + np.abs(effect) * rest for name, effect in found.items()}


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

"""The history that models see: moved from replaced SKUs to their successors, and cut at relaunches."""

from dataclasses import replace

import numpy as np

from features.demand.censoring import ImputedDemand
from features.demand.lifecycle.relaunch import drop_before_relaunch
from features.demand.lifecycle.succession import Succession
from features.demand.panel import Array, Panel


def apply_lifecycle(panel: Panel) -> Panel:
    """The panel as models see it: successors with the joint history, relaunched SKUs from their relaunch on."""
    return drop_before_relaunch(move_history_to_successors(panel))


def move_history_to_successors(panel: Panel) -> Panel:
    """Move the history of replaced SKUs to those that took over; the sum of each period stays what it was."""
    if panel.succession is None or not len(panel.succession):
        return panel
    final = panel.succession.final()
    replaced = np.unique(final.old)
    in_stock = panel.in_stock.copy()
    np.logical_and.at(in_stock, final.new, panel.in_stock[final.old])
    in_stock[replaced] = True
    y = _joint(panel.y, final)
    return replace(
        panel,
        y=y,
        in_stock=in_stock,
        covariates={name: _inherited(values, final) for name, values in panel.covariates.items()},
        succession=None,
        # each SKU's censored periods by themselves, then the sum
        imputed=ImputedDemand(y, in_stock, _joint(panel.uncensored, final)),
    )


def _joint(values: Array, final: Succession) -> Array:
    """Demand (n, T) with that of replaced SKUs added to their successors', by share; replaced SKUs have NaN."""
    successors, result = np.unique(final.new), values.copy()
    place = np.searchsorted(successors, final.new)
    total, known = np.nan_to_num(values[successors]), ~np.isnan(values[successors])
    np.add.at(total, place, final.share[:, None] * np.nan_to_num(values[final.old]))
    np.logical_or.at(known, place, ~np.isnan(values[final.old]))
    result[successors] = np.where(known, total, np.nan)
    result[np.unique(final.old)] = np.nan
    return result


def _inherited(values: Array, final: Succession) -> Array:
    """A covariate (n, T + future) of successors that before they had one is that of the SKU they replace."""
    result = values.copy()
    own = result[final.new]
    result[final.new] = np.where(np.isnan(own), values[final.old], own)
    return result

"""Reason codes of demand forecasts: why one does not rest on the SKU's own past alone."""

import numpy as np
from numpy.typing import NDArray

from features.contract.frequency import days_per_period, season_length
from features.demand.demand_class import silent_skus
from features.demand.lifecycle.relaunch import last_relaunch
from features.demand.panel import Panel

_WEEK = 7.0


def reason_codes(panel: Panel, demand_class: NDArray[np.object_]) -> NDArray[np.object_]:
    """Reason code of each SKU's forecast, shape (n,): "" where it rests on the SKU's own past alone.

    From the weakest to the strongest: `short_history`, or without any past `new_from_category` and
    `unknown_category`; `silent`, not sold for longer than ever before and than its rhythm explains; `stale_demand`,
    the last periods unknown, more than one and than a week; `dead`;
    `relaunched`; `carried_over` from a replaced SKU; `replaced` by another.
    """
    quiet = np.where(silent_skus(panel), "silent", "")
    result = np.where(demand_class == "short", _short_reason(panel), quiet)
    result = np.where(_is_stale(panel), "stale_demand", result)
    result = np.where(demand_class == "dead", "dead", result)
    result = np.where(_recently_relaunched(panel), "relaunched", result).astype(object)
    if panel.succession is not None and len(panel.succession):
        final = panel.succession.final()
        result[final.new], result[final.old] = "carried_over", "replaced"
    return result


def _is_stale(panel: Panel) -> NDArray[np.bool_]:
    """Whether the reason for a wide forecast is that each SKU's demand has long not been known, (n,)."""
    days = days_per_period(panel.freq)
    return np.asarray(panel.unknown_since * days > max(days, _WEEK))


def _short_reason(panel: Panel) -> NDArray[np.str_]:
    """Reason code that each SKU would have as one with a short history, by its known periods and category, (n,)."""
    known = (~np.isnan(panel.known_demand)).sum(axis=1)
    categorised = (
        panel.static["category"].notna().to_numpy()
        if "category" in panel.static
        else np.zeros(len(panel), bool)
    )
    new = np.where(categorised, "new_from_category", "unknown_category")
    return np.where(known == 0, new, "short_history")


def _recently_relaunched(panel: Panel) -> NDArray[np.bool_]:
    """Whether each SKU sold before its relaunch, and that was at most a season ago, (n,)."""
    start = last_relaunch(panel)
    before = np.arange(panel.periods)[None, :] < start[:, None]
    again = ((np.nan_to_num(panel.y) > 0) & before).any(axis=1)
    recent = panel.periods - start <= season_length(panel.freq)
    return np.asarray(again & recent)

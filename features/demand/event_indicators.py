"""Event indicators: for each named event a 0/1 array over SKUs and periods, from the rows of `events`."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import period_index
from features.demand.panel import Array


def event_indicators(
    events: pd.DataFrame,
    unique_ids: NDArray[np.object_],
    static: pd.DataFrame,
    calendar: pd.DatetimeIndex,
    end: pd.Timestamp | None = None,
) -> dict[str, Array]:
    """Event indicators: 0/1 array (n, T + future) of each named event that falls into the calendar, name → array.

    An event for every SKU is one row, broadcast without copies.

    Parameters
    ----------
    events : one row a day, of events that concern demand
    static : frame with the `category` of each of the n SKUs
    calendar : starts of the T + future periods
    end : where the last of them ends; none: by the calendar's frequency
    """
    shape = (len(unique_ids), len(calendar))
    period = period_index(calendar, events["ds"], end)
    categories = static["category"].to_numpy(object)
    result: dict[str, Array] = {}
    for name, rows in _rows_by_name(events["name"]).items():
        result[name] = _indicator(events.iloc[rows], period[rows], unique_ids, categories, shape)
    return {name: values for name, values in result.items() if values.any()}


def _indicator(
    events: pd.DataFrame,
    period: NDArray[np.int64],
    unique_ids: NDArray[np.object_],
    categories: NDArray[np.object_],
    shape: tuple[int, int],
) -> Array:
    """One event's 0/1 array: its rows hold for every SKU, for a category or for one SKU."""
    inside = period >= 0
    of_sku = events["unique_id"].notna().to_numpy()
    of_category = events["category"].notna().to_numpy() & ~of_sku
    everybody = np.zeros(shape[1])
    everybody[period[inside & ~of_sku & ~of_category]] = 1.0
    if not (inside & (of_sku | of_category)).any():
        return np.broadcast_to(everybody, shape)
    values = np.broadcast_to(everybody, shape).copy()
    sku = pd.Index(unique_ids).get_indexer(pd.Index(events["unique_id"]))
    known = inside & of_sku & (sku >= 0)
    values[sku[known], period[known]] = 1.0
    for category in set(events["category"][inside & of_category]):
        here = period[inside & of_category & (events["category"] == category).to_numpy()]
        values[np.ix_(categories == category, here)] = 1.0
    return values


def _rows_by_name(names: pd.Series) -> Mapping[str, NDArray[np.int64]]:
    """Positions of the rows of each event name, names sorted."""
    return {str(k): v for k, v in sorted(names.groupby(names.to_numpy()).indices.items())}

"""Which units of a pilot count, with their outcomes, pairs and clusters, and the effect their windows' means give."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from configs.formats import day
from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.pilot.cluster_robust import RobustMean, robust_mean
from procurement.pilot.outcome_panel import COUNTED, outcome_panel, why_left_out, window_means
from procurement.pilot.pair_differences import ZERO, Scale, pair_of_unit, pair_sides, pair_values

Cluster = Literal["pair", "supplier"]
PAIR_LOST = "no unit on the other side of its pair"
_UNEVEN = 0.05
"""p-value (Fisher) below which more units are said to be lost from one group than from the other."""


@dataclass(frozen=True)
class PilotWindow:
    """Periods that count: from `since` (none: the first) to before `start`, and from it to `until` (none: the last)."""

    start: pd.Timestamp
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None


@dataclass(frozen=True)
class PilotCounts:
    """What the effect stands on.

    Attributes
    ----------
    pairs, pilot_units, hold_out_units : that count
    periods_before, periods_after
    missing_periods : of the units that count, unit × period without an outcome
    zero_periods : of the units that count, unit × period with an outcome of zero
    left_out : `unit`, `group`, `reason`
    uneven : whether one group lost more units than chance would take
    """

    pairs: int
    pilot_units: int
    hold_out_units: int
    periods_before: int
    periods_after: int
    missing_periods: int
    zero_periods: int
    left_out: pd.DataFrame
    uneven: bool


@dataclass(frozen=True)
class PairedOutcomes:
    """Outcomes of the units that count.

    Attributes
    ----------
    y : (N, T), NaN where a unit has no row; ds (T,), of which the first `before` lie before the start
    pair, side : (N,), pairs from 0, side 0 pilot and 1 hold-out; clusters (P,) of pairs, none: each its own
    """

    y: Array
    ds: NDArray[np.datetime64]
    before: int
    pair: NDArray[np.intp]
    side: NDArray[np.intp]
    clusters: NDArray[np.intp] | None

    def windows(self) -> tuple[Array, Array]:
        """Means (N,) before and after the start."""
        return window_means(self.y[:, : self.before]), window_means(self.y[:, self.before :])


def paired_outcomes(
    panel: pd.DataFrame, groups: pd.DataFrame, window: PilotWindow, *, scale: Scale, cluster: Cluster
) -> tuple[PairedOutcomes, PilotCounts]:
    """Take the units that count: half their periods known before and after, on `log` with means above zero.

    Raises
    ------
    DataError
        see `pilot_effect`
    """
    laid = outcome_panel(panel)
    pair, side = pair_of_unit(groups)[:2]
    ds = pd.DatetimeIndex(laid.ds)
    inside = np.ones(len(ds), bool)
    if window.since is not None:
        inside &= ds >= window.since
    if window.until is not None:
        inside &= ds <= window.until
    before = int((inside & (ds < window.start)).sum())
    if before == 0 or before == inside.sum():
        which = f"before {day(window.start)}" if before == 0 else f"from {day(window.start)} on"
        raise DataError(f"outcome panel: no period {which}; give the pilot's start, and both sides of it")
    units = groups["unit"].astype(str).to_numpy(object)
    y = laid.of(units)[:, inside]
    if scale != "level" and (y < 0).any():
        raise DataError(
            f"outcome panel: y of {units[(y < 0).any(axis=1)][0]} is negative; measure on the scale level"
        )
    reason = _reasons(y, before, scale)
    sides = np.bincount((pair * 2 + side)[reason == COUNTED], minlength=2 * (int(pair.max(initial=-1)) + 1))
    lost = (sides.reshape(-1, 2) == 0).any(axis=1)
    reason[(reason == COUNTED) & lost[pair]] = PAIR_LOST
    kept = reason == COUNTED
    names, numbered = np.unique(pair[kept], return_inverse=True)
    if len(names) < 2:
        raise DataError(
            f"pilot groups: {len(names)} of the pairs have outcomes before and after, expected 2 or more"
        )
    clusters = None if cluster == "pair" else _joined(groups[kept], numbered, len(names))
    paired = PairedOutcomes(y[kept], laid.ds[inside], before, numbered.astype(np.intp), side[kept], clusters)
    return paired, _counted(paired, groups.assign(reason=reason)[["unit", "group", "reason"]])


def estimated(paired: PairedOutcomes, before: Array, after: Array, scale: Scale) -> tuple[RobustMean, Array]:
    """Effect (…,) from unit means `before` and `after` (…, N) with its error, and the number of pairs with both sides.

    On `log` a unit with a mean of zero is passed over.
    """
    if scale == "log":
        after = np.where((before > 0) & (after > 0), after, np.nan)
    sides = pair_sides(before, after, paired.pair, paired.side)
    found = robust_mean(*pair_values(sides, scale), paired.clusters)
    return found, (sides.units > 0).all(axis=-1).sum(axis=-1)


def _reasons(y: Array, before: int, scale: Scale) -> NDArray[Any]:
    """Why units (N,) of outcomes (N, T) do not count; empty text where they do."""
    reason = why_left_out(y[:, :before], y[:, before:])
    if scale == "log":
        zero = ~((np.nansum(y[:, :before], axis=1) > 0) & (np.nansum(y[:, before:], axis=1) > 0))
        reason[(reason == COUNTED) & zero] = ZERO
    return reason


def _joined(groups: pd.DataFrame, pair: NDArray[np.intp], pairs: int) -> NDArray[np.intp]:
    """Cluster (P,) of each pair: pairs that share a supplier, directly or through others, are one."""
    if "supplier_id" not in groups or groups["supplier_id"].isna().any():
        raise DataError("pilot groups: no supplier_id of every unit; give it, or cluster by pair")
    supplier, names = pd.factorize(groups["supplier_id"].astype(str).to_numpy(object), sort=True)
    size = pairs + len(names)
    links = coo_array((np.ones(len(pair)), (pair, pairs + supplier)), shape=(size, size))
    count, cluster = connected_components(links, directed=False)
    if count < 2:
        raise DataError(
            "pilot groups: all pairs are joined by shared suppliers; cluster by pair if a coin chose the pilot"
        )
    return np.asarray(cluster[:pairs], np.intp)


def _counted(paired: PairedOutcomes, reasons: pd.DataFrame) -> PilotCounts:
    """Count what the effect stands on; `reasons` has `unit`, `group`, `reason` of all units of the groups."""
    pilot = paired.side == 0
    lost = (~reasons["reason"].isin([COUNTED, PAIR_LOST])).to_numpy()
    in_pilot = (reasons["group"] == "pilot").to_numpy()
    table = np.array([[(lost & each).sum(), (~lost & each).sum()] for each in (in_pilot, ~in_pilot)])
    left_out = reasons[reasons["reason"] != COUNTED].sort_values("unit", ignore_index=True)
    return PilotCounts(
        pairs=int(paired.pair.max()) + 1,
        pilot_units=int(pilot.sum()),
        hold_out_units=int((~pilot).sum()),
        periods_before=paired.before,
        periods_after=len(paired.ds) - paired.before,
        missing_periods=int(np.isnan(paired.y).sum()),
        zero_periods=int((paired.y == 0).sum()),
        left_out=left_out,
        uneven=bool(stats.fisher_exact(table).pvalue < _UNEVEN),
    )

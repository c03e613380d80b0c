"""Phase-out of replaced SKUs: the part of their successors' joint forecast that they still sell themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.demand.lifecycle.succession import Succession
from features.demand.panel import Array, Panel

RECENT = 4
"""Periods over which the old SKU's part of the joint demand is taken."""

FADE = 0.5
"""Of a replaced SKU's part of the demand, so much is left a period later."""


@dataclass(frozen=True)
class PhaseOutSplit:
    """Part of the successors' joint forecast that still falls to the SKUs they replace.

    Attributes
    ----------
    old, new : int arrays (P,), rows of the panel: replaced SKU and successor
    part : array (P, h), share of the successor's joint forecast
    """

    old: NDArray[np.int64]
    new: NDArray[np.int64]
    part: Array

    def apply(self, forecast: Array) -> Array:
        """Split joint forecasts (n, h) between replaced SKUs and successors; their sum stays."""
        result, joint = forecast.copy(), forecast[self.new]
        result[self.old] = 0.0
        np.add.at(result, self.old, self.part * joint)
        np.subtract.at(result, self.new, self.part * joint)
        return np.maximum(result, 0.0)


def phase_out_split(panel: Panel, h: int) -> PhaseOutSplit | None:
    """How demand is split between replaced SKUs and successors in the h periods ahead; None: nothing is replaced.

    A planned start moves all demand at once. After a start that has happened, the old SKU's part of the joint
    demand of the last four periods halves with every period.
    """
    if panel.succession is None or not len(panel.succession):
        return None
    final = panel.succession.final()
    ahead = panel.future(h)[:h]
    begun = final.start < ahead[0]
    part = _recent_part(panel, final, np.where(begun, final.start, panel.ds[0]))
    fading = FADE ** np.arange(1, h + 1)[None, :]
    waiting = (ahead[None, :] < final.start[:, None]).astype(float)
    return PhaseOutSplit(final.old, final.new, part[:, None] * np.where(begun[:, None], fading, waiting))


def _recent_part(panel: Panel, final: Succession, start: NDArray[np.datetime64]) -> Array:
    """Share of each replaced SKU in its successor's joint demand of the last periods from `start` on, (P,)."""
    recent = np.nan_to_num(panel.uncensored[:, -RECENT:])
    moved = final.share[:, None] * recent[final.old]
    joint = recent.copy()
    np.add.at(joint, final.new, moved)
    late = panel.ds[None, -RECENT:] >= start[:, None]
    own, total = (moved * late).sum(axis=1), (joint[final.new] * late).sum(axis=1)
    return np.where(total > 0, own / np.maximum(total, 1e-12), 0.0)

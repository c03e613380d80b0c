"""What a seasonal naive forecast loses in the same backtest: the least that a model must add."""

import numpy as np
import pandas as pd

from distributions.pinball import pinball_loss
from features.demand.demand_class import known_demand
from features.demand.panel import Array, Panel
from models.monitoring.scores import Yardstick
from training.evaluation.frames import QUANTILES, DemandFrames

_CHUNK = 200_000
"""Rows at a time: bounds memory."""


def with_naive(frames: DemandFrames, panel: Panel) -> DemandFrames:
    """Add the column naive to both frames: the seasonal naive's pinball loss, mean over levels, units.

    NaN where the demand, or the value a season before, is not known. It spreads by the errors it made before the
    first cutoff; those of a sum of k periods by √k as much, as if they were independent.
    """
    first = frames.period["cutoff"].min()
    if pd.isna(first):
        return DemandFrames(frames.period.assign(naive=np.nan), frames.cumulative.assign(naive=np.nan))
    stick = Yardstick.of(panel.until(int((panel.ds <= first).sum())))
    return DemandFrames(
        frames.period.assign(naive=_losses(frames.period, panel, stick, summed=False)),
        frames.cumulative.assign(naive=_losses(frames.cumulative, panel, stick, summed=True)),
    )


def _losses(frame: pd.DataFrame, panel: Panel, stick: Yardstick, *, summed: bool) -> Array:
    known, h = known_demand(panel), int(frame["k"].max())
    sku = pd.Index(panel.unique_ids).get_indexer(pd.Index(frame["unique_id"]))
    k, y = frame["k"].to_numpy() - 1, frame["y"].to_numpy(float)
    result = np.full(len(frame), np.nan)
    centre = Yardstick(stick.scale, np.zeros_like(stick.spread[:, :1]), stick.season)
    for cutoff, rows in frame.groupby("cutoff").indices.items():
        at = int((panel.ds <= cutoff).sum())
        level = centre.rival(known, at, h)[:, :, 0]
        spread = stick.spread[sku[rows]]
        if summed:
            level, spread = np.cumsum(level, axis=1), spread * np.sqrt(k[rows] + 1)[:, None]
        result[rows] = pinball_loss(y[rows], np.maximum(level[sku[rows], k[rows]][:, None] + spread, 0.0))
    return result


def own_loss(frame: pd.DataFrame) -> Array:
    """Pinball loss of each row's own quantiles, mean over levels, units."""
    result = np.empty(len(frame))
    for start in range(0, len(frame), _CHUNK):
        rows = frame.iloc[start : start + _CHUNK]
        result[start : start + _CHUNK] = pinball_loss(rows["y"].to_numpy(float), rows[QUANTILES].to_numpy(float))
    return result

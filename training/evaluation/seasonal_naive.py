"""Pinball loss of the seasonal naive forecast in a demand backtest: the least that a model must beat."""

import numpy as np
import pandas as pd

from distributions.pinball import pinball_loss
from features.demand.panel import Array, Panel
from models.monitoring.naive_benchmark import NaiveBenchmark
from training.evaluation.backtest_frames import DemandFrames


def add_naive_loss(frames: DemandFrames, panel: Panel) -> DemandFrames:
    """Add the column naive to both backtest frames: the seasonal naive's pinball loss, mean over levels, units.

    NaN where the demand, or the value a season before, is not known. The spread of the seasonal naive is that of the
    errors it made before the first cutoff; for a sum of k periods it is √k as wide, as if errors were independent.
    """
    first = frames.period["cutoff"].min()
    if pd.isna(first):
        return DemandFrames(frames.period.assign(naive=np.nan), frames.cumulative.assign(naive=np.nan))
    benchmark = NaiveBenchmark.of(panel.until(int((panel.ds <= first).sum())))
    return DemandFrames(
        frames.period.assign(naive=_seasonal_naive_loss(frames.period, panel, benchmark, cumulative=False)),
        frames.cumulative.assign(
            naive=_seasonal_naive_loss(frames.cumulative, panel, benchmark, cumulative=True)
        ),
    )


def _seasonal_naive_loss(
    frame: pd.DataFrame, panel: Panel, benchmark: NaiveBenchmark, *, cumulative: bool
) -> Array:
    """Seasonal naive's loss that evaluation compares with: pinball, units, of each row of a demand backtest's frame."""
    known, h = panel.known_demand, int(frame["k"].max())
    sku = pd.Index(panel.unique_ids).get_indexer(pd.Index(frame["unique_id"]))
    k, y = frame["k"].to_numpy() - 1, frame["y"].to_numpy(float)
    loss = np.full(len(frame), np.nan)
    for cutoff, rows in frame.groupby("cutoff").indices.items():
        at = int((panel.ds <= cutoff).sum())
        mean = np.maximum(benchmark.seasonal_naive_mean(known, at, h), 0.0)
        spread = benchmark.spread[sku[rows]]
        if cumulative:
            mean, spread = np.cumsum(mean, axis=1), spread * np.sqrt(k[rows] + 1)[:, None]
        quantiles = np.maximum(mean[sku[rows], k[rows]][:, None] + spread, 0.0)
        loss[rows] = pinball_loss(y[rows], quantiles)
    return loss

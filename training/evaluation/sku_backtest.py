"""What a SKU's backtest says on its page: accuracy and bias by step ahead, and past forecasts beside what came."""

import pandas as pd

from training.evaluation.backtest_frames import DemandFrames

STEP_COLUMNS = ["unique_id", "k", "n", "demand", "mae", "bias", "coverage_90"]
FORECAST_COLUMNS = ["unique_id", "ds", "mean", "q0.05", "q0.95", "y"]


def scores_by_step(cells: pd.DataFrame) -> pd.DataFrame:
    """Scores of a SKU's backtest by step, sorted by SKU: `STEP_COLUMNS`.

    n periods were scored, `demand` units came in them; mae and bias (forecast − demand) are units a period,
    coverage_90 is a share.

    Parameters
    ----------
    cells : of `training.evaluation.demand_accuracy.score_series_steps`
    """
    of_periods = cells[~cells["sums"].astype(bool)]
    return of_periods[STEP_COLUMNS].sort_values(["unique_id", "k"], kind="stable", ignore_index=True)


def one_step_ahead(frames: DemandFrames) -> pd.DataFrame:
    """A SKU's backtest forecasts of the period next after their cutoff: `FORECAST_COLUMNS`, by SKU and day."""
    next_period = frames.period[frames.period["k"] == 1]
    table = next_period[FORECAST_COLUMNS].sort_values(["unique_id", "ds"], kind="stable", ignore_index=True)
    return table.astype(dict.fromkeys(FORECAST_COLUMNS[2:], "float32"))

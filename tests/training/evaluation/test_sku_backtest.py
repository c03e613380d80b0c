import pandas as pd

from training.evaluation.backtest_frames import QUANTILES, DemandFrames
from training.evaluation.sku_backtest import FORECAST_COLUMNS, STEP_COLUMNS, one_step_ahead, scores_by_step


def test_scores_of_periods_by_sku_and_step_without_those_of_sums() -> None:
    cells = pd.DataFrame(
        [
            {"sums": sums, "unique_id": sku, "k": k, "n": 3, "demand": 9.0, "mae": k, "bias": -k,
             "coverage_90": 1.0, "pinball": 0.2}
            for sums in (True, False)
            for k in (2, 1)
            for sku in ("b", "a")
        ]
    )  # fmt: skip
    table = scores_by_step(cells)
    assert list(table) == STEP_COLUMNS
    assert list(zip(table["unique_id"], table["k"], strict=True)) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_forecasts_of_the_next_period_by_sku_and_day() -> None:
    days = pd.to_datetime(["2024-01-08", "2024-01-01", "2024-01-08"])
    rows = pd.DataFrame(
        {"unique_id": "a", "ds": days, "k": [1, 1, 2], "y": [3.0, None, 5.0], "mean": [4.0, 2.0, 9.0]}
        | dict.fromkeys(QUANTILES, 1.0)
    )
    table = one_step_ahead(DemandFrames(rows, rows))
    assert list(table) == FORECAST_COLUMNS
    assert table["mean"].tolist() == [2.0, 4.0]
    assert table["ds"].is_monotonic_increasing
    assert table["y"].isna().tolist() == [True, False]

import numpy as np
import pandas as pd
import pytest

from planning.distributions import BACKTEST_LEVELS
from training.frames import QUANTILES, DemandFrames
from training.metrics import (
    MOST_SUPPLIERS,
    coverage_table,
    demand_metrics,
    lead_time_metrics,
    score_series,
    score_suppliers,
)


def _rows(unique_id: str, y: list[float], centre: float, width: float, demand_class: str) -> pd.DataFrame:
    """Forecasts that are uniform on centre ± width, the same in each period."""
    n = len(y)
    quantiles = np.tile(centre + width * (2 * BACKTEST_LEVELS - 1), (n, 1))
    frame = pd.DataFrame(quantiles, columns=QUANTILES)
    days = pd.date_range("2024-01-08", periods=n, freq="W-MON")
    return frame.assign(
        unique_id=unique_id, cutoff=pd.Timestamp("2024-01-01"), ds=days, k=np.arange(1, n + 1), y=y, mean=centre,
        demand_class=demand_class,
    )  # fmt: skip


@pytest.fixture
def frames() -> DemandFrames:
    period = pd.concat(
        [
            _rows("a", [8.0, 12.0, np.nan], 10.0, 10.0, "smooth"),
            _rows("b", [0.0, 4.0, 5.0], 1.0, 1.0, "lumpy"),
        ]
    )
    return DemandFrames(period, period.assign(y=period.groupby("unique_id")["y"].cumsum()))


@pytest.fixture
def history() -> pd.DataFrame:
    """Naive errors of two units (a) and of none at all (b)."""
    ds = pd.date_range("2023-12-04", periods=5, freq="W-MON")
    a = pd.DataFrame({"unique_id": "a", "ds": ds, "y": [9.0, 11.0, 9.0, 11.0, 9.0]})
    return pd.concat([a, pd.DataFrame({"unique_id": "b", "ds": ds, "y": 1.0})], ignore_index=True)


def test_periods_out_of_stock_are_not_scored(frames: DemandFrames, history: pd.DataFrame) -> None:
    table = score_series(frames, history).set_index("unique_id")
    assert table.loc["a", "n"] == 2
    assert table.loc["a", "demand"] == 20


def test_pinball_loss_is_the_mean_over_levels_and_periods(
    frames: DemandFrames, history: pd.DataFrame
) -> None:
    quantiles = 10 + 10 * (2 * BACKTEST_LEVELS - 1)
    by_hand = [
        np.maximum(BACKTEST_LEVELS * (y - quantiles), (BACKTEST_LEVELS - 1) * (y - quantiles))
        for y in (8, 12)
    ]
    table = score_series(frames, history).set_index("unique_id")
    assert table.loc["a", "pinball"] == pytest.approx(np.mean(by_hand))
    assert table.loc["a", "scaled_pinball"] == pytest.approx(np.mean(by_hand) / 2)


def test_errors_are_scaled_by_the_naive_forecasts_errors(frames: DemandFrames, history: pd.DataFrame) -> None:
    table = score_series(frames, history).set_index("unique_id")
    assert table.loc["a", ["mase", "rmsse"]].tolist() == [1.0, 1.0]


def test_a_series_that_never_moved_has_no_scaled_error(frames: DemandFrames, history: pd.DataFrame) -> None:
    table = score_series(frames, history).set_index("unique_id")
    assert table.loc["b", ["mase", "rmsse", "scaled_pinball"]].isna().all()


def test_bias_is_forecast_less_demand(frames: DemandFrames, history: pd.DataFrame) -> None:
    table = score_series(frames, history).set_index("unique_id")
    assert table.loc["a", "bias"] == 0.0
    assert table.loc["b", "bias"] == pytest.approx(-2.0)


def test_weighted_quantile_loss_is_twice_the_pinball_by_the_demand(
    frames: DemandFrames, history: pd.DataFrame
) -> None:
    table = score_series(frames, history)
    metrics = demand_metrics(table)
    expected = 2 * (table["n"] * table["pinball"]).sum() / table["demand"].sum()
    assert metrics["demand.wql"] == pytest.approx(expected)
    assert metrics["demand.class.smooth.bias"] == 0.0
    assert metrics["demand.class.lumpy.coverage_90"] == 0.0


def test_figures_that_are_not_defined_are_left_out(frames: DemandFrames, history: pd.DataFrame) -> None:
    metrics = demand_metrics(score_series(frames, history))
    assert "demand.class.lumpy.mase" not in metrics
    assert np.isfinite(list(metrics.values())).all()


def test_a_history_too_short_for_a_backtest_gives_no_figures(
    frames: DemandFrames, history: pd.DataFrame
) -> None:
    empty = DemandFrames(frames.period[:0], frames.cumulative[:0])
    assert not len(score_series(empty, history))
    assert demand_metrics(score_series(empty, history)) == {"demand.series": 0.0, "demand.periods": 0.0}


def test_coverage_is_told_by_class_and_step(frames: DemandFrames) -> None:
    table = coverage_table(frames).set_index(["sums", "demand_class", "k"])
    assert table.loc[(False, "smooth", 1), "q0.40"] == 1.0
    assert table.loc[(False, "smooth", 1), "q0.35"] == 0.0
    assert (False, "smooth", 3) not in table.index


def _orders(supplier_id: str, days: list[float], kind: str = "new") -> pd.DataFrame:
    quantiles = np.tile(10 + 10 * (2 * BACKTEST_LEVELS - 1), (len(days), 1))
    frame = pd.DataFrame(quantiles, columns=QUANTILES)
    return frame.assign(supplier_id=supplier_id, kind=kind, lead_time=days, mean=10.0)


def test_suppliers_are_scored_one_by_one_and_together() -> None:
    table = score_suppliers(pd.concat([_orders("near", [8.0, 12.0]), _orders("far", [30.0, np.nan])]))
    rows = table.set_index(["kind", "supplier_id"])
    assert rows.loc[("new", "near"), ["n", "coverage_90", "bias", "actual"]].tolist() == [2, 1.0, 0.0, 10.0]
    assert rows.loc[("new", "far"), ["n", "coverage_90", "bias", "actual"]].tolist() == [1, 0.0, -20.0, 30.0]
    assert rows.loc[("new", ""), "n"] == 3


def test_only_the_busiest_suppliers_have_metrics_of_their_own() -> None:
    orders = pd.concat([_orders(f"s{i:03d}", [10.0] * (1 + i % 7)) for i in range(300)])
    metrics = lead_time_metrics(score_suppliers(orders))
    named = {name.split(".")[2] for name in metrics if name.startswith("lead_time.supplier.")}
    assert len(named) == MOST_SUPPLIERS
    assert "s006" in named
    assert metrics["lead_time.new.n"] == len(orders)


def test_a_suppliers_name_becomes_one_that_mlflow_takes() -> None:
    metrics = lead_time_metrics(score_suppliers(_orders("Müller & Söhne (DE)", [10.0])))
    assert "lead_time.supplier.Müller _ Söhne _DE_.n" in metrics

import numpy as np
import pandas as pd
import pytest
from utilsforecast.losses import mase, rmsse, scaled_mqloss

from configs.schema import DataConfig
from distributions.levels import BACKTEST_LEVELS
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from training.evaluation.backtest_frames import QUANTILES, DemandFrames
from training.evaluation.demand_accuracy import (
    per_series_table,
    score_groups,
    score_series,
    score_series_steps,
)
from training.evaluation.metrics import MOST_SUPPLIERS, demand_metrics
from training.evaluation.seasonal_naive import add_naive_loss


def _rows(unique_id: str, y: list[float], centre: float, width: float, demand_class: str) -> pd.DataFrame:
    """Forecasts that are uniform on centre ± width, the same in each period."""
    n = len(y)
    quantiles = np.tile(centre + width * (2 * BACKTEST_LEVELS - 1), (n, 1))
    frame = pd.DataFrame(quantiles, columns=QUANTILES)
    days = pd.date_range("2024-01-08", periods=n, freq="W-MON")
    return frame.assign(
        unique_id=unique_id, cutoff=pd.Timestamp("2024-01-01"), ds=days, k=np.arange(1, n + 1), y=y, mean=centre,
        demand_class=demand_class, naive=np.nan,
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


@pytest.fixture
def cells(frames: DemandFrames, history: pd.DataFrame) -> pd.DataFrame:
    return score_series_steps(frames, history)


@pytest.fixture
def table(cells: pd.DataFrame) -> pd.DataFrame:
    return per_series_table(score_series(cells)).set_index("unique_id")


def _groups(cells: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([score_series(cells), cells], ignore_index=True)
    return score_groups(both).set_index(["sums", "demand_class", "k"])


def test_periods_out_of_stock_are_not_scored(table: pd.DataFrame) -> None:
    assert table.loc["a", "n"] == 2
    assert table.loc["a", "demand"] == 20


def test_the_figures_of_a_sku_are_those_of_utilsforecast(
    table: pd.DataFrame, frames: DemandFrames, history: pd.DataFrame
) -> None:
    scored = frames.period.dropna(subset="y").drop(columns="cutoff")
    of_a = scored[scored["unique_id"] == "a"]
    known = history[history["unique_id"] == "a"]
    for name, loss in (("mase", mase), ("rmsse", rmsse)):
        expected = loss(of_a, ["mean"], seasonality=1, train_df=known)["mean"].iloc[0]
        assert table.loc["a", name] == pytest.approx(expected)
    quantiles = scaled_mqloss(
        of_a, {"mean": QUANTILES}, seasonality=1, quantiles=BACKTEST_LEVELS, train_df=known
    )
    assert table.loc["a", "scaled_pinball"] == pytest.approx(quantiles["mean"].iloc[0])


def test_the_error_of_a_sum_counts_by_its_number_of_periods(cells: pd.DataFrame) -> None:
    second = cells[cells["sums"] & (cells["unique_id"] == "a") & (cells["k"] == 2)].iloc[0]
    assert second["mae"] == 10  # twenty sold, ten expected
    assert second["mase"] == 10 / 2 / 2


def test_a_series_that_never_moved_has_no_scaled_error(table: pd.DataFrame) -> None:
    assert table.loc["b", ["mase", "rmsse", "scaled_pinball"]].isna().all()


def test_bias_is_forecast_less_demand(table: pd.DataFrame) -> None:
    assert table.loc["a", "bias"] == 0.0
    assert table.loc["b", "bias"] == pytest.approx(-2.0)


def test_weighted_quantile_loss_is_twice_the_pinball_by_the_demand(
    cells: pd.DataFrame, table: pd.DataFrame
) -> None:
    groups = _groups(cells)
    expected = 2 * (table["n"] * table["pinball"]).sum() / table["demand"].sum()
    assert groups.loc[(False, "", 0), "wql"] == pytest.approx(expected)
    assert groups.loc[(False, "smooth", 0), "bias"] == 0.0
    assert groups.loc[(False, "lumpy", 0), "coverage_90"] == 0.0


def test_coverage_is_told_at_every_quantile_by_class_and_step(cells: pd.DataFrame) -> None:
    groups = _groups(cells)
    assert groups.loc[(False, "smooth", 1), "q0.40"] == 1.0
    assert groups.loc[(False, "smooth", 1), "q0.35"] == 0.0
    assert groups.loc[(False, "", 1), "q0.40"] == 1.0
    assert groups.loc[(False, "", 2), "q0.55"] == 0.0
    assert (False, "smooth", 3) not in groups.index


@pytest.fixture
def seasonal() -> Panel:
    """Weekly demand that repeats itself exactly after four weeks, for 24 weeks."""
    ds = pd.date_range("2023-01-02", periods=24, freq="MS")
    y = np.tile([2.0, 8.0, 5.0, 1.0, 9.0, 3.0, 4.0, 7.0, 6.0, 2.0, 8.0, 5.0], 2)
    demand = pd.concat([empty_table("demand"), pd.DataFrame({"unique_id": "a", "ds": ds, "y": y})])
    return make_panel(Tables(demand=demand), DataConfig(), freq="MS", horizon=3)


def _forecast(panel: Panel, at: int, centre: np.ndarray) -> DemandFrames:
    y = panel.y[0, at : at + len(centre)]
    rows = pd.DataFrame(np.tile(centre[:, None], (1, len(QUANTILES))), columns=QUANTILES).assign(
        unique_id="a", cutoff=panel.ds[at - 1], ds=panel.ds[at : at + len(centre)], demand_class="smooth",
        k=np.arange(1, len(centre) + 1), y=y, mean=centre,
    )  # fmt: skip
    sums = rows.assign(y=np.cumsum(y), mean=np.cumsum(centre))
    return DemandFrames(rows, sums.assign(**{name: np.cumsum(centre) for name in QUANTILES}))


def test_the_seasonal_naive_loses_the_distance_to_last_seasons_demand(seasonal: Panel) -> None:
    frames = add_naive_loss(_forecast(seasonal, 20, np.array([6.0, 2.0, 8.0])), seasonal)
    # 20 months seen hold no two years: it repeats the last month, a 7 before 6, 2 and 8, spread by past steps
    assert frames.period["naive"].notna().all()
    assert frames.cumulative["naive"].iloc[0] == pytest.approx(frames.period["naive"].iloc[0])
    assert (frames.cumulative["naive"] > 0).all()


def test_value_added_is_what_a_perfect_forecast_saves_and_it_wins(
    seasonal: Panel, history: pd.DataFrame
) -> None:
    perfect = add_naive_loss(_forecast(seasonal, 20, seasonal.y[0, 20:23]), seasonal)
    groups = _groups(score_series_steps(perfect, history))
    assert groups.loc[(False, "", 0), ["value_added", "win_share"]].tolist() == [1.0, 1.0]
    assert groups.loc[(True, "", 0), ["value_added", "win_share"]].tolist() == [1.0, 1.0]


def _metrics(cells: pd.DataFrame, supplier: str = "north") -> dict[str, float]:
    series = score_series(cells)
    by_supplier = score_groups(series.assign(supplier_id=supplier), by="supplier_id")
    return demand_metrics(score_groups(series), by_supplier)


def test_figures_are_named_in_all_by_class_and_by_supplier(cells: pd.DataFrame) -> None:
    metrics = _metrics(cells, supplier="Müller & Söhne (DE)")
    assert metrics["demand.periods"] == 5
    assert metrics["demand.class.smooth.series"] == 1
    assert metrics["demand.supplier.Müller _ Söhne _DE_.cumulative_wql"] == metrics["demand.cumulative_wql"]


def test_figures_that_are_not_defined_are_left_out(cells: pd.DataFrame) -> None:
    metrics = _metrics(cells)
    assert "demand.class.lumpy.mase" not in metrics
    assert "demand.value_added" not in metrics
    assert np.isfinite(list(metrics.values())).all()


def test_only_the_suppliers_of_the_most_skus_have_metrics_of_their_own(cells: pd.DataFrame) -> None:
    series = pd.concat(
        [score_series(cells).assign(supplier_id=f"s{i:03d}") for i in range(50)], ignore_index=True
    )
    metrics = demand_metrics(score_groups(series), score_groups(series, by="supplier_id"))
    assert len({name.split(".")[2] for name in metrics if ".supplier." in name}) == MOST_SUPPLIERS


def test_a_history_too_short_for_a_backtest_gives_no_figures(
    frames: DemandFrames, history: pd.DataFrame
) -> None:
    empty = score_series_steps(DemandFrames(frames.period[:0], frames.cumulative[:0]), history)
    assert not len(per_series_table(score_series(empty)))
    assert _metrics(empty) == {}

import numpy as np
import pandas as pd

from distributions.levels import BACKTEST_LEVELS
from training.evaluation.backtest_frames import QUANTILES
from training.evaluation.lead_time_accuracy import score_lead_times
from training.evaluation.metrics import MOST_SUPPLIERS, lead_time_metrics


def _orders(supplier_id: str, days: list[float], kind: str = "new") -> pd.DataFrame:
    quantiles = np.tile(10 + 10 * (2 * BACKTEST_LEVELS - 1), (len(days), 1))
    frame = pd.DataFrame(quantiles, columns=QUANTILES)
    return frame.assign(supplier_id=supplier_id, kind=kind, lead_time=days, mean=10.0)


def test_suppliers_are_scored_one_by_one_and_together() -> None:
    table = score_lead_times(pd.concat([_orders("near", [8.0, 12.0]), _orders("far", [30.0, np.nan])]))
    rows = table.set_index(["kind", "supplier_id"])
    assert rows.loc[("new", "near"), ["n", "coverage_90", "bias", "actual"]].tolist() == [2, 1.0, 0.0, 10.0]
    assert rows.loc[("new", "far"), ["n", "coverage_90", "bias", "actual"]].tolist() == [1, 0.0, -20.0, 30.0]
    assert rows.loc[("new", ""), "n"] == 3


def test_only_the_busiest_suppliers_have_metrics_of_their_own() -> None:
    orders = pd.concat([_orders(f"s{i:03d}", [10.0] * (1 + i % 7)) for i in range(300)])
    metrics = lead_time_metrics(score_lead_times(orders))
    named = {name.split(".")[2] for name in metrics if name.startswith("lead_time.supplier.")}
    assert len(named) == MOST_SUPPLIERS
    assert "s006" in named
    assert metrics["lead_time.new.n"] == len(orders)


def test_a_suppliers_name_becomes_one_that_mlflow_takes() -> None:
    metrics = lead_time_metrics(score_lead_times(_orders("Müller & Söhne (DE)", [10.0])))
    assert "lead_time.supplier.Müller _ Söhne _DE_.n" in metrics

"""Bias of forecasts where stock runs out, with the true demand known: `python -m benchmarks.stockouts`.

Weekly demand (negative binomial, levels and seasons differ between SKUs) meets a simulated stock; what cannot be
served is lost and seen by no model. Three ways to take the censored weeks are trained alike: the recorded sales as if
they were demand, missing, and as Purvey does, as a lower bound; beside them what could be had if demand were seen.
Bias is against the true demand that was expected in the eight weeks ahead; cover says how often the true demand of a
week lay between the 5 % and 95 % quantile.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DemandConfig
from distributions.distribution import Array
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster

SKUS, WEEKS, H = 300, 156, 8
COLUMNS = ("recorded sales", "missing", "lower bound", "true demand")
MEMBERS = ("level", "boosting", "theta", "tsb", "imapa")


@dataclass(frozen=True)
class StockPolicy:
    """How stock is kept that runs out: a base-stock policy.

    Attributes
    ----------
    cover : safety stock in standard deviations of the demand between orders and arrivals
    lead_time : weeks from order to arrival; 0: the shelf is refilled every week
    late : chance that a week's order is placed a week late
    """

    cover: float
    lead_time: int = 0
    late: float = 0.0


STOCK_POLICIES: Mapping[str, StockPolicy] = {
    "shelf refilled weekly, little safety stock": StockPolicy(0.6),
    "shelf refilled weekly, hardly any safety stock": StockPolicy(0.2),
    "base stock, lead time 3 weeks": StockPolicy(0.0, 3),
    "base stock, lead time 1 week, late orders": StockPolicy(0.4, 1, 0.25),
}


@dataclass(frozen=True)
class CensoredSales:
    """Censored sales of n SKUs: true and expected demand (n, T + h), units sold (n, T), and in_stock (n, T)."""

    demand: Array
    expected: Array
    sold: Array
    in_stock: NDArray[np.bool_]

    def panel(self) -> Panel:
        """Demand panel as a company would record it: stockouts are censored periods."""
        n, weeks = self.sold.shape
        return Panel(
            unique_ids=np.array([f"s{i:04}" for i in range(n)], object),
            ds=pd.date_range("2021-01-04", periods=weeks, freq="W-MON").to_numpy(),
            freq="W-MON",
            y=self.sold,
            in_stock=self.in_stock,
            static=pd.DataFrame({"category": [f"c{i % 6}" for i in range(n)]}),
        )


def simulate_sales(policy: StockPolicy, seed: int = 0) -> CensoredSales:
    """Simulate the sales and stockouts of a policy, week by week: arrivals, sales, an order up to base stock."""
    rng = np.random.default_rng(seed)
    level, spread = rng.lognormal(2.5, 1.0, (SKUS, 1)), rng.uniform(0.1, 0.5, (SKUS, 1))
    season = 1 + rng.uniform(0, 0.4, (SKUS, 1)) * np.sin(2 * np.pi * np.arange(WEEKS + H) / 52)
    expected = level * season
    demand = rng.poisson(expected * rng.gamma(1 / spread, spread, expected.shape)).astype(float)
    between = policy.lead_time + 1
    base = np.ceil((level * between + policy.cover * np.sqrt(between * (level + spread * level**2)))[:, 0])
    on_hand, coming = base.copy(), np.zeros((SKUS, policy.lead_time + 1))
    sold, in_stock = np.zeros((SKUS, WEEKS)), np.ones((SKUS, WEEKS), bool)
    for t in range(WEEKS):
        on_hand += coming[:, 0]
        coming = np.column_stack([coming[:, 1:], np.zeros(SKUS)])
        sold[:, t] = np.minimum(demand[:, t], on_hand)
        in_stock[:, t] = demand[:, t] <= on_hand
        on_hand = on_hand - sold[:, t]
        placed = rng.random(SKUS) >= policy.late
        coming[:, max(policy.lead_time - 1, 0)] += np.where(placed, base - on_hand - coming.sum(axis=1), 0.0)
    return CensoredSales(demand, expected, sold, in_stock)


def censoring_treatments(sales: CensoredSales) -> dict[str, Panel]:
    """Panels of the three ways to treat censored weeks, and of what no company has: the true demand itself."""
    panel, everything = sales.panel(), np.ones_like(sales.in_stock)
    return {
        "recorded sales": replace(panel, in_stock=everything),
        "missing": replace(panel, y=np.where(panel.in_stock, panel.y, np.nan), in_stock=everything),
        "lower bound": panel,
        "true demand": replace(panel, y=sales.demand[:, :WEEKS], in_stock=everything),
    }


def bias_and_coverage(panel: Panel, sales: CensoredSales) -> tuple[float, float]:
    """Bias of the mean forecast where stock runs out, and share of true weeks between the 5 % and 95 % quantile."""
    forecast = (
        DemandForecaster(DemandConfig(members=MEMBERS, windows=2), H, threads=1).fit(panel).predict(panel, H)
    )
    low, high = (forecast.quantiles[:, :, np.searchsorted(forecast.levels, p)] for p in (0.05, 0.95))
    ahead = sales.demand[:, WEEKS:]
    bias = float(forecast.mean.sum() / sales.expected[:, WEEKS:].sum()) - 1
    return bias, float(((low <= ahead) & (ahead <= high)).mean())


def main() -> None:
    """Run the stockout benchmark: print the forecasts' bias and coverage by policy and treatment of censored weeks."""
    started = time.perf_counter()
    print(f"{SKUS} SKUs × {WEEKS} weeks, h = {H}; bias of the mean forecast and cover of the 90 % interval\n")
    print(f"{'':50}{'out':>5}" + "".join(f"{name:>18}" for name in COLUMNS))
    for name, policy in STOCK_POLICIES.items():
        sales = simulate_sales(policy)
        cells = [bias_and_coverage(panel, sales) for panel in censoring_treatments(sales).values()]
        row = "".join(f"{f'{bias:+.1%} {cover:.0%}':>18}" for bias, cover in cells)
        print(f"{name:50}{1 - sales.in_stock.mean():5.0%}{row}", flush=True)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()

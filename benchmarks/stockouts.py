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
from models.demand.forecaster import DemandEnsemble

SKUS, WEEKS, H = 300, 156, 8
COLUMNS = ("recorded sales", "missing", "lower bound", "true demand")
MEMBERS = ("level", "boosting", "theta", "tsb", "imapa")


@dataclass(frozen=True)
class Shop:
    """How stock is kept.

    Attributes
    ----------
    cover : safety stock in standard deviations of the demand between orders and arrivals
    lead_time : weeks from order to arrival; 0: the shelf is refilled every week
    late : chance that a week's order is placed a week late
    """

    cover: float
    lead_time: int = 0
    late: float = 0.0


SHOPS: Mapping[str, Shop] = {
    "shelf refilled weekly, little safety stock": Shop(0.6),
    "shelf refilled weekly, hardly any safety stock": Shop(0.2),
    "base stock, lead time 3 weeks": Shop(0.0, 3),
    "base stock, lead time 1 week, late orders": Shop(0.4, 1, 0.25),
}


@dataclass(frozen=True)
class History:
    """True and expected demand (n, T + h), what was sold (n, T) and whether stock lasted (n, T)."""

    demand: Array
    expected: Array
    sold: Array
    in_stock: NDArray[np.bool_]

    def panel(self) -> Panel:
        """As a company would record it."""
        n, weeks = self.sold.shape
        return Panel(
            unique_ids=np.array([f"s{i:04}" for i in range(n)], object),
            ds=pd.date_range("2021-01-04", periods=weeks, freq="W-MON").to_numpy(),
            freq="W-MON",
            y=self.sold,
            in_stock=self.in_stock,
            static=pd.DataFrame({"category": [f"c{i % 6}" for i in range(n)]}),
        )


def simulate(shop: Shop, seed: int = 0) -> History:
    """Play a shop's weeks: arrivals, sales, then an order up to the base stock."""
    rng = np.random.default_rng(seed)
    level, spread = rng.lognormal(2.5, 1.0, (SKUS, 1)), rng.uniform(0.1, 0.5, (SKUS, 1))
    season = 1 + rng.uniform(0, 0.4, (SKUS, 1)) * np.sin(2 * np.pi * np.arange(WEEKS + H) / 52)
    expected = level * season
    demand = rng.poisson(expected * rng.gamma(1 / spread, spread, expected.shape)).astype(float)
    between = shop.lead_time + 1
    base = np.ceil((level * between + shop.cover * np.sqrt(between * (level + spread * level**2)))[:, 0])
    on_hand, coming = base.copy(), np.zeros((SKUS, shop.lead_time + 1))
    sold, in_stock = np.zeros((SKUS, WEEKS)), np.ones((SKUS, WEEKS), bool)
    for t in range(WEEKS):
        on_hand += coming[:, 0]
        coming = np.column_stack([coming[:, 1:], np.zeros(SKUS)])
        sold[:, t] = np.minimum(demand[:, t], on_hand)
        in_stock[:, t] = demand[:, t] <= on_hand
        on_hand = on_hand - sold[:, t]
        placed = rng.random(SKUS) >= shop.late
        coming[:, max(shop.lead_time - 1, 0)] += np.where(placed, base - on_hand - coming.sum(axis=1), 0.0)
    return History(demand, expected, sold, in_stock)


def readings(history: History) -> dict[str, Panel]:
    """The three ways to take the censored weeks, and what no company has: the demand itself."""
    panel, everything = history.panel(), np.ones_like(history.in_stock)
    return {
        "recorded sales": replace(panel, in_stock=everything),
        "missing": replace(panel, y=np.where(panel.in_stock, panel.y, np.nan), in_stock=everything),
        "lower bound": panel,
        "true demand": replace(panel, y=history.demand[:, :WEEKS], in_stock=everything),
    }


def score(panel: Panel, history: History) -> tuple[float, float]:
    """Bias of the mean forecast, and share of true weeks between the 5 % and 95 % quantile."""
    forecast = (
        DemandEnsemble(DemandConfig(members=MEMBERS, windows=2), H, threads=1).fit(panel).predict(panel, H)
    )
    low, high = (forecast.quantiles[:, :, np.searchsorted(forecast.levels, p)] for p in (0.05, 0.95))
    ahead = history.demand[:, WEEKS:]
    bias = float(forecast.mean.sum() / history.expected[:, WEEKS:].sum()) - 1
    return bias, float(((low <= ahead) & (ahead <= high)).mean())


def main() -> None:
    """Print one table."""
    begun = time.perf_counter()
    print(f"{SKUS} SKUs × {WEEKS} weeks, h = {H}; bias of the mean forecast and cover of the 90 % interval\n")
    print(f"{'':50}{'out':>5}" + "".join(f"{name:>18}" for name in COLUMNS))
    for name, shop in SHOPS.items():
        history = simulate(shop)
        cells = [score(panel, history) for panel in readings(history).values()]
        row = "".join(f"{f'{bias:+.1%} {cover:.0%}':>18}" for bias, cover in cells)
        print(f"{name:50}{1 - history.in_stock.mean():5.0%}{row}", flush=True)
    print(f"\n{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()

"""What all findings of the assessment rest on, derived once from the checked tables: panel, orders, SKUs, resamples."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from configs.schema import Config
from distributions.distribution import Array
from features.contract.frequency import days_per_period
from features.contract.tables import Tables
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from features.quality.check_result import CheckResult
from planning.policy.normal_formulas import lead_time_demand_std, normal_safety_stock
from procurement.assessment.finding import Resamples
from procurement.assessment.sku_facts import (
    category_of,
    company_ids,
    cost_facts,
    demand_facts,
    stock_facts,
    supply_facts,
)
from procurement.spend.spend_lines import spend_lines
from procurement.stock_value.cost_layers import CostedStock, cost_layers
from procurement.stock_value.lots import with_lots_by_method
from procurement.stock_value.movements import StockMovements, stock_movements
from procurement.stock_value.turnover import year_boundaries

YEAR_DAYS = 365.0
METHODS = ("fifo", "lifo", "average")
"""Costing methods by which the stock is valued; the first one is the figure, all are its range."""


@dataclass(frozen=True)
class CompanyFacts:
    """A company as of a day, as the findings see it.

    Attributes
    ----------
    checked : the checked tables
    config : the business' options
    panel : demand of all SKUs
    periods : last periods of the panel that are the year (or what there is of it)
    skus : a row a SKU, sorted by unique_id: the columns of `sku_facts`
    resamples : of these SKUs
    moved, costed : stock movements, and stock by costing method; none where no stock was counted
    """

    checked: CheckResult
    config: Config
    panel: Panel
    periods: int
    skus: pd.DataFrame
    resamples: Resamples
    moved: StockMovements | None
    costed: dict[str, CostedStock]

    @classmethod
    def of(cls, checked: CheckResult, config: Config) -> Self:
        """Derive the facts from the checked tables; the same whatever the order of their rows."""
        tables, as_of = checked.tables, checked.as_of
        panel = make_panel(tables, config.data, freq=checked.freq)
        period_days = days_per_period(checked.freq)
        periods = min(panel.periods, max(round(YEAR_DAYS / period_days), 1))
        ids = company_ids(tables)
        skus = pd.DataFrame(
            {"unique_id": ids, "category": category_of(tables, ids)}
            | demand_facts(panel, ids, periods, period_days)
        )
        skus = skus.join(cost_facts(tables, ids, as_of, config))
        skus = skus.join(supply_facts(tables, checked.orders, ids, as_of))
        skus = skus.join(stock_facts(tables, ids, as_of))
        counted = bool(len(tables.stock) or len(tables.inventory_lots))
        moved = stock_movements(tables, as_of, checked.calendar) if counted else None
        return cls(
            checked=checked,
            config=config,
            panel=panel,
            periods=periods,
            skus=skus,
            resamples=Resamples.of(len(ids)),
            moved=moved,
            costed={} if moved is None else _costed(moved, tables, skus, as_of),
        )

    @property
    def tables(self) -> Tables:
        """The clean tables."""
        return self.checked.tables

    @property
    def as_of(self) -> pd.Timestamp:
        """The day that is assessed."""
        return self.checked.as_of

    @cached_property
    def spend(self) -> pd.DataFrame:
        """Order lines as spend, as `procurement.spend.spend_lines.spend_lines` has them; not to be changed."""
        return spend_lines(self.tables, self.as_of)

    @property
    def window_days(self) -> float:
        """Days of the periods that stand for a year."""
        return self.periods * days_per_period(self.checked.freq)

    @property
    def to_a_year(self) -> float:
        """Factor that makes sums over these periods sums of a year."""
        return YEAR_DAYS / self.window_days

    @property
    def exposure_days(self) -> Array:
        """Protection interval of each SKU, lead time + review period, days (n,); NaN without a lead time."""
        return self.numbers("lead_time") + self.config.policy.review_period_days

    def numbers(self, column: str) -> Array:
        """A column of `skus` as numbers (n,)."""
        return np.asarray(self.skus[column].to_numpy(float))

    def aligned(self, values: "pd.Series[float]") -> Array:
        """Values by unique_id in the order of `skus` (n,), NaN without one."""
        return np.asarray(values.reindex(self.skus["unique_id"]).to_numpy(float))

    def safety_stock(self, level: float, lead_time_std: Array | None = None) -> Array:
        """Textbook safety stock of each SKU, z·√((L+R) σ_d² + d² σ_L²), units (n,); NaN where d, σ_d or L is not known.

        `lead_time_std`: σ_L instead of the one measured; one that is not known counts as 0.
        """
        spread = self.numbers("lead_time_std") if lead_time_std is None else lead_time_std
        std = lead_time_demand_std(
            self.numbers("daily_demand"), self.numbers("daily_std"), self.exposure_days, np.nan_to_num(spread)
        )
        return normal_safety_stock(level, std)


def _costed(
    moved: StockMovements, tables: Tables, skus: pd.DataFrame, as_of: pd.Timestamp
) -> dict[str, CostedStock]:
    # a sale is booked on its period's last day, and is known of from the first
    days = [moved.movements["at"].min(), tables.demand["ds"].min()]
    since = min(day for day in days if pd.notna(day))
    unit_cost = skus.set_index("unique_id")["unit_cost"]
    opening = moved.opening.assign(
        unit_cost=moved.opening["unit_cost"].fillna(moved.opening["unique_id"].map(unit_cost))
    )
    periods = year_boundaries(as_of, since)
    costed = cost_layers(moved.movements, opening, unit_cost=unit_cost, periods=periods, methods=METHODS)
    return with_lots_by_method(costed, tables.inventory_lots)

"""Everything the pages, the files and `/v1/suppliers` say about suppliers, from one planning run."""

from dataclasses import dataclass

import pandas as pd

from artifacts.plan_run import PlanSnapshot
from configs.schema import PolicyConfig
from features.contract.calendar import days_per_period
from features.demand.recent import daily_rate
from suppliers.internal_delay import internal_delay
from suppliers.risk import (
    SEGMENT_COLUMNS,
    Supply,
    heat_map,
    performance,
    regions,
    segments,
    sku_risk,
)
from suppliers.scorecard import COLUMNS, Scorecard, scorecard

FILE_COLUMNS = [*COLUMNS, "performance", *SEGMENT_COLUMNS]
"""Of `OUT/suppliers.parquet`, the exports and the API."""


@dataclass(frozen=True)
class SupplierReport:
    """How suppliers did, and where that is a risk.

    Attributes
    ----------
    table : a row a supplier, `FILE_COLUMNS`
    card : the scorecard it begins with
    risk : a row a SKU, as `supplier_risk.sku_risk`
    cells, regions : the heat map and the regions behind it
    delays : the company's own waiting, as `suppliers.internal_delay`
    """

    table: pd.DataFrame
    card: Scorecard
    risk: pd.DataFrame
    cells: pd.DataFrame
    regions: pd.DataFrame
    delays: pd.DataFrame


def supplier_report(seen: PlanSnapshot, card: Scorecard | None = None) -> SupplierReport:
    """Make the report of what a planning run saw and decided; its scorecard, unless it is there already, included."""
    if card is None:
        card = scorecard(seen.orders, seen.purchase_orders, seen.suppliers, seen.offers, as_of=seen.as_of)
    freq = str(seen.facts["freq"])
    usual = seen.plan.dropna(subset=["supplier_id"]).set_index("unique_id")["supplier_id"]
    daily = daily_rate(seen.demand, freq).set_index("unique_id")["per_day"]
    supply = Supply(usual, daily, seen.items, seen.offers, seen.orders)
    risk = sku_risk(card.table, supply, seen.as_of)
    table = card.table.assign(performance=performance(card.table["score"]))
    table = table.join(segments(risk), on="supplier_id")
    counts = ["skus", "single_source_skus", "consumption"]
    table[counts] = table[counts].fillna(0.0).astype(float)
    table["sourcing"] = table["sourcing"].fillna("")
    policy = PolicyConfig.model_validate(seen.facts.get("policy", {}))
    delays = internal_delay(
        seen.purchase_orders,
        seen.items,
        holding_cost_rate=policy.holding_cost_rate,
        period_days=days_per_period(freq),
    )
    return SupplierReport(table[FILE_COLUMNS], card, risk, heat_map(risk), regions(card.table, risk), delays)

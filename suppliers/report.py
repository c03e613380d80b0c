"""The supplier report: all that pages, files and `/v1/suppliers` say about suppliers, from one plan run."""

from dataclasses import dataclass

import pandas as pd

from artifacts.plan_snapshot import PlanSnapshot
from configs.schema import PolicyConfig
from features.contract.frequency import days_per_period
from features.demand.recent_demand import daily_rate
from suppliers.internal_delay import internal_delay
from suppliers.risk import (
    SEGMENT_COLUMNS,
    SkuSupply,
    heat_map,
    performance_band,
    regions,
    segments,
    sku_risk,
)
from suppliers.scorecard import SCORECARD_COLUMNS, Scorecard, scorecard

FILE_COLUMNS = [*SCORECARD_COLUMNS, "performance", *SEGMENT_COLUMNS]
"""Of `OUT/suppliers.parquet`, the exports and the API."""


@dataclass(frozen=True)
class SupplierReport:
    """How suppliers did, and where that is a risk.

    Attributes
    ----------
    table : a row a supplier, `FILE_COLUMNS`
    scorecard : the scorecards it begins with
    sku_risk : a row a SKU, as `suppliers.risk.sku_risk`
    heat_map, regions : cells of performance × consumption, and regions, as in `suppliers.risk`
    internal_delay : the company's own waiting, as in `suppliers.internal_delay`
    """

    table: pd.DataFrame
    scorecard: Scorecard
    sku_risk: pd.DataFrame
    heat_map: pd.DataFrame
    regions: pd.DataFrame
    internal_delay: pd.DataFrame


def supplier_report(snapshot: PlanSnapshot, card: Scorecard | None = None) -> SupplierReport:
    """The supplier report of a plan run; its scorecard `card` is made where it is not given."""
    if card is None:
        card = scorecard(
            snapshot.orders,
            snapshot.purchase_orders,
            snapshot.suppliers,
            snapshot.offers,
            as_of=snapshot.as_of,
        )
    freq = str(snapshot.facts["freq"])
    supplier = snapshot.plan.dropna(subset=["supplier_id"]).set_index("unique_id")["supplier_id"]
    daily = daily_rate(snapshot.demand, freq).set_index("unique_id")["per_day"]
    supply = SkuSupply(supplier, daily, snapshot.items, snapshot.offers, snapshot.orders)
    risk = sku_risk(card.table, supply, snapshot.as_of)
    table = card.table.assign(performance=performance_band(card.table["score"]))
    table = table.join(segments(risk), on="supplier_id")
    counts = ["skus", "single_source_skus", "consumption"]
    table[counts] = table[counts].fillna(0.0).astype(float)
    table["sourcing"] = table["sourcing"].fillna("")
    policy = PolicyConfig.model_validate(snapshot.facts.get("policy", {}))
    delay = internal_delay(
        snapshot.purchase_orders,
        snapshot.items,
        holding_cost_rate=policy.holding_cost_rate,
        period_days=days_per_period(freq),
    )
    return SupplierReport(table[FILE_COLUMNS], card, risk, heat_map(risk), regions(card.table, risk), delay)

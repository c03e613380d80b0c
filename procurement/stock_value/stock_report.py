"""The stock report: value, profit, turnover, age, carrying cost and what ties money up, a row a SKU and by site."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from procurement.stock_value.ageing import age_of_stock, near_expiry
from procurement.stock_value.carrying_cost import CarryingRates, carrying_cost
from procurement.stock_value.cost_layers import cost_layers
from procurement.stock_value.gross_profit import gross_profit_by_sku
from procurement.stock_value.lots import with_lots_by_method
from procurement.stock_value.movements import stock_movements
from procurement.stock_value.steadier_suppliers import steadier_suppliers
from procurement.stock_value.tied_up import TIED_UP, tied_up, typical_order_quantity
from procurement.stock_value.turnover import site_parts, turnover_by_part, turnover_by_sku, year_boundaries

METHODS = ("fifo", "lifo", "average")
_BASE = "fifo"


@dataclass(frozen=True)
class PlannedFlow:
    """What a plan expects of SKUs.

    Attributes
    ----------
    plan, excess, lead_time : tables of the plan
    daily_demand, daily_variance : units a day expected, and their variance, by unique_id
    """

    plan: pd.DataFrame
    excess: pd.DataFrame
    lead_time: pd.DataFrame
    daily_demand: "pd.Series[float]"
    daily_variance: "pd.Series[float]"


def stock_report(
    tables: Tables, as_of: pd.Timestamp, calendar: PeriodCalendar, flow: PlannedFlow, rates: CarryingRates
) -> dict[str, pd.DataFrame]:
    """Tables of the stock as of a day.

    Returns
    -------
    dict
        stock_value : a row a SKU: unique_id, category, supplier_id, units, value (first in, first out, or what its lots
        cost), value_lifo, value_average, units_sold, revenue, cogs_… and gross_profit_… of each method in the year to
        `as_of` as far as it is known, days_of_cover, turnover, average_value, carrying_cost a year and its parts, and
        what ties up money: …_value of safety, cycle, excess, pipeline and unexplained, with safety_then and
        pipeline_then, what these would be with suppliers as good as the best quarter
        stock_ageing : as `age_of_stock`; expiring_lots : as `near_expiry`; stock_sites : as `turnover_by_part` by site
    """
    moved = stock_movements(tables, as_of, calendar)
    since = moved.movements["at"].min() if len(moved.movements) else None
    boundaries = year_boundaries(as_of, since)
    costed = cost_layers(
        moved.movements, moved.opening, unit_cost=moved.unit_cost, periods=boundaries, methods=METHODS
    )
    held = with_lots_by_method(costed, tables.inventory_lots)
    real = held[_BASE]
    profit = gross_profit_by_sku(costed, moved.movements)
    turned = turnover_by_sku(real, flow.daily_demand)
    table = turned.merge(profit, on="unique_id", how="left")
    table["value_lifo"], table["value_average"] = held["lifo"].value, held["average"].value
    facts = tables.items.drop_duplicates("unique_id").set_index("unique_id")
    ids = table["unique_id"]
    table["category"] = facts["category"].reindex(ids).to_numpy(object)
    bought_from = flow.plan.drop_duplicates("unique_id").set_index("unique_id")["supplier_id"]
    table["supplier_id"] = bought_from.reindex(ids).to_numpy(object)
    value = pd.Series(real.value, index=real.unique_ids)
    carried = carrying_cost(value, rates, facts["holding_cost_rate"].astype(float))
    table = table.merge(carried.drop(columns="value"), on="unique_id", how="left")
    table = table.merge(_tied_up(tables, as_of, flow, facts), on="unique_id", how="left")
    return {
        "stock_value": table,
        "stock_ageing": age_of_stock(real.layers, as_of),
        "expiring_lots": near_expiry(real.layers, flow.daily_demand, as_of),
        "stock_sites": turnover_by_part(turned, site_parts(real.layers)),
    }


def _tied_up(tables: Tables, as_of: pd.Timestamp, flow: PlannedFlow, facts: pd.DataFrame) -> pd.DataFrame:
    """Value tied up in each planned SKU, now and with better suppliers."""
    chosen = flow.lead_time[flow.lead_time["chosen"].astype(bool)].drop_duplicates("unique_id")
    typical = typical_order_quantity(tables.purchase_orders, as_of)
    expected = pd.DataFrame({"unique_id": flow.plan["unique_id"]})
    expected["daily_demand"] = flow.daily_demand.reindex(expected["unique_id"]).to_numpy(float)
    expected["lead_time_days"] = (
        chosen.set_index("unique_id")["mean"].reindex(expected["unique_id"]).to_numpy(float)
    )
    expected["order_quantity"] = typical.reindex(expected["unique_id"]).to_numpy(float)
    most = flow.excess.drop_duplicates("unique_id")
    held = tied_up(flow.plan, most, unit_costs(facts, flow.plan), expected)
    better = steadier_suppliers(flow.lead_time, flow.daily_demand, flow.daily_variance)
    factor = better.drop_duplicates("unique_id").set_index("unique_id").reindex(held["unique_id"]).fillna(1.0)
    values = [f"{part}_value" for part in (*TIED_UP, "unexplained")]
    return held[["unique_id", *values]].assign(
        safety_then=held["safety_value"] * factor["safety_factor"].to_numpy(float),
        pipeline_then=held["pipeline_value"] * factor["pipeline_factor"].to_numpy(float),
        steadier=np.asarray(factor["safety_factor"].to_numpy(float) < 1.0),
    )


def unit_costs(facts: pd.DataFrame, plan: pd.DataFrame) -> "pd.Series[float]":
    """What a unit of each SKU costs, by unique_id: as `items` say, else what the plan buys it at."""
    bought = plan.drop_duplicates("unique_id").set_index("unique_id")["unit_price"].astype(float)
    return facts["unit_cost"].astype(float).combine_first(bought)

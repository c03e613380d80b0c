"""What a plan run tells procurement: spend, the months ahead, the worth of the stock, segments and their policy."""

import numpy as np
import pandas as pd

from artifacts.parts.procurement_store import Procurement
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from jobs.plan_data import PlanData
from jobs.plan_decision import PlanDecision
from procurement.alerts.supplier_measures import ends_of_contracts
from procurement.requests.stock_elsewhere import stock_by_site
from procurement.restocking.site_visits import restock_bins, site_visits
from procurement.segments.segment_policy import ClassPolicy, class_effort, policy_deviations
from procurement.segments.sku_segments import Classes, dependable_suppliers, sku_segments
from procurement.segments.supplier_segments import supplier_segments
from procurement.spend.spend_cube import SpendCube
from procurement.spend.spend_lines import spend_lines
from procurement.spend.spend_outlook import budget_outlook, skus_ahead, spend_by_month
from procurement.spend.unusual_spend import unusual_spend
from procurement.stock_value.carrying_cost import CarryingRates
from procurement.stock_value.steadier_suppliers import variance_a_day
from procurement.stock_value.stock_report import PlannedFlow, stock_report, unit_costs

_YEAR = pd.Timedelta(days=365)
_YEAR_DAYS = 365.0


def procurement_of(data: PlanData, decision: PlanDecision) -> Procurement:
    """What procurement asks of a plan run, from its tables and its decision."""
    tables, as_of, config = data.checked.tables, data.checked.as_of, decision.policy.procurement
    lines = spend_lines(tables, as_of)
    found = unusual_spend(
        lines,
        tables.invoices,
        tables.offers,
        limit=config.approval_limit,
        approvals=len(tables.approvals) > 0,
    )
    return Procurement(
        spend=SpendCube.of(lines),
        tables={
            "unusual_spend": found,
            "contract_ends": ends_of_contracts(tables.contracts, as_of),
            **_outlook(data, decision, lines),
            **_stock(data, decision),
            **_segments(data, decision, lines[lines["ordered_at"] > as_of - _YEAR]),
            **_sites(data),
        },
        inputs={
            "contracts": tables.contracts,
            "stock_by_site": stock_by_site(tables.inventory_lots, tables.bins),
        },
    )


def _sites(data: PlanData) -> dict[str, pd.DataFrame]:
    """Tables of what to bring to the company's sites."""
    tables, as_of = data.checked.tables, data.checked.as_of
    bins = restock_bins(tables.bins, tables.usage, as_of)
    return {"restock_bins": bins, "site_visits": site_visits(bins, as_of)}


def _outlook(data: PlanData, decision: PlanDecision, lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables of the spend to come, and of what becomes of budgets."""
    tables, ahead = data.checked.tables, decision.plan.spend_ahead
    skus = skus_ahead(ahead, lines, tables.items, data.checked.as_of)
    return {
        "spend_months": spend_by_month(lines, ahead, tables.budgets),
        "budget_outlook": budget_outlook(tables.budgets, lines, ahead, skus, data.checked.as_of),
    }


def _stock(data: PlanData, decision: PlanDecision) -> dict[str, pd.DataFrame]:
    """Tables of what the stock is worth, how old it is and what it costs to carry."""
    checked, forecast, plan = data.checked, data.outlook.forecast, decision.plan
    days = _horizon_days(forecast)
    low, high = _range(forecast.cumulative[:, -1], forecast)
    flow = PlannedFlow(
        plan=plan.plan,
        excess=plan.excess_stock,
        lead_time=plan.lead_time,
        daily_demand=_daily_demand(forecast),
        daily_variance=pd.Series(
            variance_a_day(low, high, np.full(len(low), days)), index=forecast.unique_ids
        ),
    )
    rates = CarryingRates(**decision.policy.procurement.carrying.model_dump())
    return stock_report(checked.tables, checked.as_of, checked.calendar, flow, rates)


def _segments(data: PlanData, decision: PlanDecision, lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables of segments of SKUs and suppliers, of deviations from their policy, and of the effort each class takes."""
    tables, config = data.checked.tables, decision.policy.procurement
    dependable = dependable_suppliers(decision.scorecard.table)
    segments = sku_segments(_sku_facts(data, decision), dependable, Classes(**config.classes.model_dump()))
    policies = {
        abc.upper(): ClassPolicy(**getattr(config.policies, abc).model_dump()) for abc in ("a", "b", "c")
    }
    as_of, contracts = data.checked.as_of, tables.contracts
    return {
        "sku_segments": segments,
        "class_effort": class_effort(segments, lines, contracts, as_of),
        "deviations": policy_deviations(segments, lines, contracts, policies, as_of),
        "supplier_segments": supplier_segments(lines, tables.offers, tables.suppliers, dependable, as_of),
    }


def _sku_facts(data: PlanData, decision: PlanDecision) -> pd.DataFrame:
    """What segments rest on: value and units a year by the forecast, and its error over the protection interval."""
    forecast, plan = data.outlook.forecast, decision.plan.plan
    facts = data.checked.tables.items.drop_duplicates("unique_id").set_index("unique_id")
    ids = forecast.unique_ids
    chosen = decision.plan.lead_time[decision.plan.lead_time["chosen"].astype(bool)]
    days = (
        chosen.drop_duplicates("unique_id")
        .set_index("unique_id")["mean"]
        .reindex(ids)
        .fillna(0.0)
        .to_numpy(float)
    )
    period = _horizon_days(forecast) / forecast.horizon
    step = np.ceil((days + decision.policy.review_period_days) / period).astype(int)
    at = np.clip(step, 1, forecast.horizon) - 1
    rows = np.arange(len(ids))
    low, high = _range(forecast.cumulative[rows, at], forecast)
    mean = forecast.cumulative_mean[rows, at]
    spread = np.sqrt(variance_a_day(low, high, np.ones(len(low))))
    units = _daily_demand(forecast).to_numpy(float) * _YEAR_DAYS
    supplier = plan.drop_duplicates("unique_id").set_index("unique_id")["supplier_id"].reindex(ids)
    return pd.DataFrame(
        {
            "unique_id": ids,
            "supplier_id": supplier.to_numpy(object),
            "category": facts["category"].reindex(ids).to_numpy(object),
            "value_year": units * unit_costs(facts, plan).reindex(ids).to_numpy(float),
            "units_year": units,
            "forecast_error": np.divide(spread, mean, out=np.full(len(ids), np.nan), where=mean > 0),
        }
    )


def _daily_demand(forecast: DemandForecast) -> "pd.Series[float]":
    """Units a day expected over the forecast's horizon, by unique_id."""
    return pd.Series(forecast.cumulative_mean[:, -1] / _horizon_days(forecast), index=forecast.unique_ids)


def _horizon_days(forecast: DemandForecast) -> float:
    return float((forecast.starts[-1] - forecast.starts[0]) / np.timedelta64(1, "D"))


def _range(quantiles: Array, forecast: DemandForecast) -> tuple[Array, Array]:
    """The 10 and 90 % of quantiles (n, Q) at the forecast's levels."""
    low, high = (quantiles[:, int(np.searchsorted(forecast.levels, level - 1e-9))] for level in (0.1, 0.9))
    return low, high

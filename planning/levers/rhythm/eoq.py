"""The economic order quantity as a lever: D, S and H, and what a tenth less of S and of H is worth."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms
from planning.levers.orders_a_year import lines_a_year
from planning.levers.rhythm.consolidate_orders import orders_last_year
from planning.levers.supplier_talk import playable_skus
from planning.orders.order_state import OrderState
from planning.orders.shared_lines import shared_lines
from planning.policy.order_size import economic_order_quantity

EOQ = {
    "supplier_id": "object", "unique_id": "object", "demand": "float64", "ordering_cost": "float64",
    "holding_cost": "float64", "eoq": "float64", "eoq_reliable": "float64", "order_size": "float64",
    "orders_a_year": "float64", "eoq_orders_a_year": "float64", "orders_last_year": "float64",
    "ordering_year": "float64", "stock_year": "float64", "worth_ordering_tenth": "float64",
    "worth_holding_tenth": "float64",
}  # fmt: skip
"""Column of the table of economic order quantities → dtype."""

_TENTH = 0.1


def no_eoq() -> pd.DataFrame:
    """The table of economic order quantities without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in EOQ.items()})


def eoq_table(assessment: Assessment) -> pd.DataFrame:
    """Economic order quantities: a row a SKU that can be priced, and one a supplier (`unique_id` empty).

    Of a SKU Q* = √(2·D·S/H). With every order its stock runs low once and b·n(s) is expected to be missed, more with a
    supplier that is less reliable, so that an order really costs S + b·n(s) (Hadley and Whitin): `eoq_reliable` is the
    quantity at that. Of a supplier they are money: D the goods, S an order beside its lines, H a share of the goods,
    and the orders are those of the plan's joint rhythm.

    Returns
    -------
    DataFrame
        `EOQ`: demand D (units a year; of a supplier money), ordering_cost S (money a line; an order), holding_cost H
        (money a unit and year; share a year), eoq and order_size (units; money an order), orders_a_year as the plan
        has them, eoq_orders_a_year, orders_last_year (of a supplier, NaN where not known), ordering_year and stock_year
        (money a year of lines, and of stock held), worth_ordering_tenth and worth_holding_tenth: money a year that a
        tenth less of S, or H, is worth at today's lots; ordering them anew adds little
    """
    terms = assessment.chosen_terms
    rows = np.flatnonzero(playable_skus(assessment))
    if not len(rows):
        return no_eoq()
    of_skus = _of_skus(terms.select(rows))
    frame = pd.concat([of_skus, _of_suppliers(assessment, rows, of_skus)], ignore_index=True)
    frame = frame[list(EOQ)].astype(EOQ)
    return frame.sort_values(["supplier_id", "unique_id"], ignore_index=True)


def _of_skus(terms: LaneTerms) -> pd.DataFrame:
    """Rows of SKUs (k,) of the table."""
    demand, costs, cost = terms.demand.yearly, terms.costs, terms.total_cost
    lines = lines_a_year(terms)
    stock = cost.cycle_stock + cost.safety_stock
    missed = costs.shortage * terms.steady_state.shortage
    eoq = economic_order_quantity(demand, costs.ordering, costs.holding)
    return pd.DataFrame(
        {
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
            "unique_id": terms.lanes["unique_id"].to_numpy(object),
            "demand": demand,
            "ordering_cost": costs.ordering,
            "holding_cost": costs.holding,
            "eoq": eoq,
            "eoq_reliable": economic_order_quantity(demand, costs.ordering + missed, costs.holding),
            "order_size": _divided(demand, lines),
            "orders_a_year": lines,
            "eoq_orders_a_year": _divided(demand, eoq),
            "orders_last_year": np.nan,
            "ordering_year": cost.ordering,
            "stock_year": stock,
            "worth_ordering_tenth": _TENTH * cost.ordering,
            "worth_holding_tenth": _TENTH * (stock + np.maximum(cost.pipeline, 0.0)),
        }
    )


def _of_suppliers(assessment: Assessment, rows: NDArray[np.intp], of_skus: pd.DataFrame) -> pd.DataFrame:
    """Rows of suppliers of the table, from those of their SKUs, rows (k,) of the forecast."""
    unit = assessment.chosen_terms.costs.unit[rows]
    goods = of_skus["demand"].to_numpy() * unit
    held = of_skus["demand"].to_numpy() * of_skus["holding_cost"].to_numpy()
    sums = of_skus.assign(goods=goods, held=held).groupby("supplier_id")
    total = sums[
        ["goods", "held", "ordering_year", "stock_year", "worth_ordering_tenth", "worth_holding_tenth"]
    ].sum()
    orders, an_order = _joint(assessment, total.index, sums["orders_a_year"].max())
    rate = _divided(total["held"].to_numpy(), total["goods"].to_numpy())
    eoq = economic_order_quantity(total["goods"], an_order, rate)
    joint = _TENTH * orders * an_order
    return pd.DataFrame(
        {
            "supplier_id": total.index.to_numpy(object),
            "unique_id": "",
            "demand": total["goods"].to_numpy(),
            "ordering_cost": an_order,
            "holding_cost": rate,
            "eoq": eoq,
            "eoq_reliable": np.nan,
            "order_size": _divided(total["goods"].to_numpy(), orders),
            "orders_a_year": orders,
            "eoq_orders_a_year": _divided(total["goods"].to_numpy(), eoq),
            "orders_last_year": orders_last_year(assessment).reindex(total.index).to_numpy(float),
            "ordering_year": total["ordering_year"].to_numpy() + orders * an_order,
            "stock_year": total["stock_year"].to_numpy(),
            "worth_ordering_tenth": total["worth_ordering_tenth"].to_numpy() + joint,
            "worth_holding_tenth": total["worth_holding_tenth"].to_numpy(),
        }
    )


def _joint(assessment: Assessment, suppliers: pd.Index, most: pd.Series) -> tuple[Array, Array]:
    """Orders a year of suppliers as the plan's joint rhythm has them, and money an order beside its lines.

    Where orders cost nothing by themselves nobody is joined, and there are as many as lines of the SKU with the `most`.
    """
    state = OrderState.of(assessment)
    terms, period = state.suppliers, pd.Series(shared_lines(state).period, state.suppliers.supplier_id)
    days = period.reindex(suppliers).to_numpy(float)
    known = pd.DataFrame({"cost": terms.ordering_cost + terms.freight}, index=terms.supplier_id)
    an_order = known["cost"].reindex(suppliers).fillna(0.0).to_numpy(float)
    joint = np.divide(DAYS_A_YEAR, days, out=np.zeros(len(days)), where=days > 0)
    return np.where(an_order > 0, np.nan_to_num(joint), most.reindex(suppliers).to_numpy(float)), an_order


def _divided(part: Array, whole: Array) -> Array:
    """Part over whole, NaN where that is 0."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))

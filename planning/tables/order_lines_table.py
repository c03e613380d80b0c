"""The plan's table of order lines: one row a line of today's orders, with its money, risk and reason."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.take_rows import take_rows
from planning.assessment import Assessment
from planning.cost.lane_costs import cycle_days
from planning.lanes.lane_terms import LaneTerms
from planning.lanes.sending_days import SendingDays
from planning.orders.joint_orders import JointOrders
from planning.orders.supplier_terms import unit_loads
from planning.projection.stock_projection import StockProjection
from planning.tables.dates import dates_after
from planning.tables.order_reasons import line_reasons

ORDER_LINES = {
    "supplier_id": "object", "unique_id": "object", "quantity": "float64", "purchase_unit": "object",
    "purchase_quantity": "float64", "unit_price": "float64", "price_break": "float64", "goods": "float64",
    "landed": "float64", "order_on": "datetime64[ns]", "order_by": "datetime64[ns]",
    "expected_arrival": "datetime64[ns]", "stock_days_now": "float64", "stock_days_after": "float64",
    "risk_if_skipped": "float64", "risk_if_ordered": "float64", "origin": "object", "alone": "float64",
    "worth": "float64", "weight": "float64", "volume": "float64", "pallets": "float64", "why": "object",
}  # fmt: skip
"""Column of the table of order lines → dtype."""


def no_order_lines() -> pd.DataFrame:
    """The table of order lines without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in ORDER_LINES.items()})


def order_lines_frame(assessment: Assessment, orders: JointOrders) -> pd.DataFrame:
    """The order lines of today, one row a line, sorted by supplier and SKU.

    Returns
    -------
    DataFrame
        `ORDER_LINES`, as `docs/files.md` says of `order_lines.parquet`
    """
    decision, as_of = assessment.decision, assessment.setting.as_of
    at = np.flatnonzero(orders.quantity > 0)
    rows, quantity = orders.state.row[at], orders.quantity[at]
    terms = orders.state.terms.select(at)
    price = terms.costs.prices.price(quantity)
    goods, net = quantity * price, decision.stock.net_stock[rows]
    loads = quantity[:, None] * unit_loads(assessment.inputs.items, assessment.forecast.unique_ids[rows])
    supplier_ids = terms.lanes["supplier_id"].to_numpy(object)
    closures, order_days = assessment.inputs.closures, terms.lanes["order_days"].tolist()
    sent = SendingDays.of(order_days, supplier_ids, closures, as_of).first()
    units_each = terms.lanes["units_per_purchase_unit"].fillna(1.0).to_numpy(float)
    skipped, with_line = _risks(assessment, orders, at)
    frame = pd.DataFrame(
        {
            "supplier_id": supplier_ids,
            "unique_id": assessment.forecast.unique_ids[rows],
            "quantity": quantity,
            "purchase_unit": terms.lanes["purchase_unit"].fillna("").to_numpy(object),
            "purchase_quantity": np.round(quantity / units_each, 9),
            "unit_price": price,
            "price_break": _price_break(terms, quantity),
            "goods": goods,
            "landed": goods + terms.costs.ordering + _shared(orders, at, goods),
            "order_on": dates_after(as_of, sent),
            "order_by": dates_after(as_of, np.maximum(decision.wait[rows], sent)),
            "expected_arrival": dates_after(as_of, terms.lead_time.mean()),
            "stock_days_now": _stock_days(assessment, net, rows),
            "stock_days_after": _stock_days(assessment, net + quantity, rows),
            "risk_if_skipped": skipped,
            "risk_if_ordered": with_line,
            "origin": orders.origin[at],
            "alone": orders.state.alone[at],
            "worth": orders.worth[at],
            "weight": loads[:, 0],
            "volume": loads[:, 1],
            "pallets": loads[:, 2],
            "why": line_reasons(orders, at, currency=assessment.inputs.currency),
        }
    )
    return frame.astype(ORDER_LINES).sort_values(
        ["supplier_id", "unique_id"], kind="stable", ignore_index=True
    )


def _risks(assessment: Assessment, orders: JointOrders, at: NDArray[np.intp]) -> tuple[Array, Array]:
    """Chance (k,) of a stockout before an order of the next review takes effect, without an order line and with it."""
    decision, state = assessment.decision, orders.state
    rows, review = state.row[at], cycle_days(assessment.setting.policy)
    projection: StockProjection = take_rows(decision.projection, rows)
    skipped = projection.risk_before(state.terms.lead_time[at], review)
    position = state.position[at] + orders.quantity[at]
    beyond = 1 - state.terms.demand.lead_time_demand[at].cdf(position)
    return skipped, np.clip(np.maximum(decision.risk[rows], beyond), 0.0, skipped)


def _shared(orders: JointOrders, at: NDArray[np.intp], goods: Array) -> Array:
    """What an order and its freight cost each of the order lines (k,) bears, by the value of its goods."""
    state, kept = orders.state, orders.kept.orders
    count = len(state.suppliers)
    value = kept.value(count)
    cost = state.suppliers.ordering_cost + orders.freight
    supplier = state.supplier[at]
    share = np.divide(np.nan_to_num(goods), value[supplier], out=np.zeros(len(at)), where=value[supplier] > 0)
    return np.asarray(cost[supplier] * share)


def _price_break(terms: LaneTerms, quantity: Array) -> Array:
    """Quantity (k,) from which the price of each order line holds; NaN where it is the base price."""
    bracket = (terms.costs.prices.starts <= quantity[:, None]).sum(axis=1) - 1
    start = np.take_along_axis(terms.costs.prices.starts, np.maximum(bracket, 0)[:, None], 1)[:, 0]
    return np.where(bracket > 0, start, np.nan)


def _stock_days(assessment: Assessment, units: Array, rows: NDArray[np.intp]) -> Array:
    """Days (k,) of expected demand that `units` (k,) of the SKUs `rows` (k,) of order lines cover."""
    return assessment.forecast.days_to_use(
        np.maximum(units, 0.0), elapsed=assessment.setting.elapsed, rows=rows
    )

"""What a plan request overrides: its stock, offers and open orders checked, and put in place of the plan run's."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from pydantic import BaseModel

from features.quality.conversion.purchase_units import in_own_units
from planning.inputs import PlanInputs
from serving.api.request_schemas import Offer, OpenOrder, PlanRequest, StockRow
from serving.http.problems import Problem
from serving.state.lead_times import lead_time_rows
from serving.state.served import Served

OVERRIDE_KEYS = {
    "stock": ("unique_id",),
    "offers": ("supplier_id", "unique_id"),
    "open_orders": ("order_id", "line"),
}


def overridden_inputs(served: Served, request: PlanRequest, ids: set[str]) -> PlanInputs:
    """Return the plan run's inputs of the SKUs `ids`, with the request's stock, offers and open orders instead."""
    as_of = overridden_as_of(served, request)
    check_overrides(request, as_of)
    inputs = replace(served.sku_rows.inputs_of(ids), as_of=as_of)
    if as_of != served.as_of or request.stock is not None or request.open_orders is not None:
        inputs = inputs.undecided()
    if request.stock is not None:
        stock = _to_frame(request.stock, StockRow).assign(as_of=as_of)
        inputs = replace(inputs, stock=_shaped_like(inputs.stock, stock, ids))
    if request.offers is not None:
        offers = in_own_units(_to_frame(request.offers, Offer))
        inputs = replace(inputs, offers=_shaped_like(inputs.offers, offers, ids))
    if request.open_orders is not None:
        orders = _open_orders(served, request, as_of)
        inputs = replace(inputs, open_orders=_shaped_like(inputs.open_orders, orders, ids))
    elif request.as_of is not None:
        inputs = replace(inputs, open_orders=_with_age(inputs.open_orders, as_of))
    return inputs


def overridden_as_of(served: Served, request: PlanRequest) -> pd.Timestamp:
    """Return the day that a plan request overrides: its own `as_of`, where there is none the plan run's.

    Raises
    ------
    Problem
        422 when the forecast ends before it, so that nothing is known of the demand to come.
    """
    if request.as_of is None:
        return served.as_of
    as_of, end = pd.Timestamp(request.as_of), pd.Timestamp(served.forecast.starts[-1])
    if as_of >= end:
        last = end - pd.Timedelta(days=1)
        raise _invalid(
            f"as_of is {as_of:%Y-%m-%d}, after the forecast's last day {last:%Y-%m-%d}; "
            "run `purvey plan` with newer data"
        )
    return as_of


def check_overrides(request: PlanRequest, as_of: pd.Timestamp) -> None:
    """Refuse overriding rows of a plan request that would silently have no effect, or contradict each other.

    Raises
    ------
    Problem
        422 that names the row.
    """
    requested = set(request.unique_ids)
    for table, key in OVERRIDE_KEYS.items():
        first: dict[tuple[str, ...], int] = {}
        for at, row in enumerate(getattr(request, table) or ()):
            if row.unique_id not in requested:
                raise _invalid(
                    f"{table}.{at}.unique_id is {row.unique_id!r}, which unique_ids does not ask for; "
                    "add it there, or leave the row out"
                )
            earlier = first.setdefault(tuple(getattr(row, name) for name in key), at)
            if earlier != at:
                raise _invalid(
                    f"{table}.{at} has the same {' and '.join(key)} as {table}.{earlier}; "
                    "keep one row, or add the two up"
                )
    for at, offer in enumerate(request.offers or ()):
        if offer.purchase_unit is not None and offer.units_per_purchase_unit is None:
            raise _invalid(
                f"offers.{at}.purchase_unit is {offer.purchase_unit!r} without units_per_purchase_unit; "
                "say how many of the SKU's own units one holds"
            )
    for at, order in enumerate(request.open_orders or ()):
        _check_order_days(f"open_orders.{at}", order, as_of)


def _check_order_days(place: str, order: OpenOrder, as_of: pd.Timestamp) -> None:
    """Refuse an overriding open order placed after `as_of`, or promised before it was placed."""
    if order.ordered_at > as_of.date():
        raise _invalid(
            f"{place}.ordered_at is {order.ordered_at}, after as_of {as_of:%Y-%m-%d}; "
            "send the day of the decision as as_of, or leave the order out"
        )
    if order.promised_at is not None and order.promised_at < order.ordered_at:
        raise _invalid(
            f"{place}.promised_at is {order.promised_at}, before ordered_at {order.ordered_at}; "
            "correct one of the two"
        )


def _invalid(detail: str) -> Problem:
    return Problem(422, "invalid_request", detail)


def _shaped_like(planned: pd.DataFrame, overrides: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    """Overriding rows that concern the SKUs `ids`, with the columns and dtypes of the plan run's table."""
    new = overrides[overrides["unique_id"].isin(ids)].reindex(columns=planned.columns)
    to_cast = {name: dtype for name, dtype in planned.dtypes.items() if dtype != new[name].dtype}
    return new.astype(to_cast).reset_index(drop=True)


def _open_orders(served: Served, request: PlanRequest, as_of: pd.Timestamp) -> pd.DataFrame:
    """Frame of a plan request's open orders, with category, contract days and age on `as_of`."""
    frame = _to_frame(request.open_orders or [], OpenOrder)
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[ns]")
    frame["promised_at"] = pd.to_datetime(frame["promised_at"]).astype("datetime64[ns]")
    lanes = lead_time_rows(served, frame["supplier_id"], frame["unique_id"])
    frame = frame.assign(
        category=lanes["category"].to_numpy(object),
        contract_days=lanes["contract_days"].to_numpy(float),
        quantity_ordered=frame["quantity_open"],
        is_open=True,
    )
    return _with_age(frame, as_of)


def _with_age(orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Override the open orders' age by that on the plan request's `as_of`, in days; those placed later are left out."""
    age = (as_of - orders["ordered_at"]) / pd.Timedelta(days=1)
    return orders.assign(age=age, duration=age)[age >= 0].reset_index(drop=True)


def _to_frame(rows: Sequence[BaseModel], schema: type[BaseModel]) -> pd.DataFrame:
    """Frame of a request's rows, one column a field of their `schema`."""
    if not rows:
        return pd.DataFrame(columns=list(schema.model_fields))
    return pd.DataFrame([row.model_dump() for row in rows])

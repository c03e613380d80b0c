"""What a plan request brings along, checked before it is planned with: no row without effect, none twice."""

import pandas as pd

from serving.api.schemas import OpenOrder, PlanRequest
from serving.http.problems import Problem
from serving.state.served import Served

KEYS = {
    "stock": ("unique_id",),
    "offers": ("supplier_id", "unique_id"),
    "open_orders": ("order_id", "line"),
}


def day_of(served: Served, asked: PlanRequest) -> pd.Timestamp:
    """Return the day to plan for: the request's, else the last planning run's.

    Raises
    ------
    Problem
        422 when the forecast ends before it, so that nothing is known of the demand to come.
    """
    if asked.as_of is None:
        return served.as_of
    as_of, end = pd.Timestamp(asked.as_of), pd.Timestamp(served.forecast.starts[-1])
    if as_of >= end:
        last = end - pd.Timedelta(days=1)
        raise _wrong(
            f"as_of is {as_of:%Y-%m-%d}, after the forecast's last day {last:%Y-%m-%d}; "
            "run `purvey plan` with newer data"
        )
    return as_of


def check_brought(asked: PlanRequest, as_of: pd.Timestamp) -> None:
    """Refuse rows that would silently count for nothing, or contradict each other.

    Raises
    ------
    Problem
        422 that names the row.
    """
    wanted = set(asked.unique_ids)
    for table, key in KEYS.items():
        first: dict[tuple[str, ...], int] = {}
        for at, row in enumerate(getattr(asked, table) or ()):
            if row.unique_id not in wanted:
                raise _wrong(
                    f"{table}.{at}.unique_id is {row.unique_id!r}, which unique_ids does not ask for; "
                    "add it there, or leave the row out"
                )
            earlier = first.setdefault(tuple(getattr(row, name) for name in key), at)
            if earlier != at:
                raise _wrong(
                    f"{table}.{at} has the same {' and '.join(key)} as {table}.{earlier}; "
                    "keep one row, or add the two up"
                )
    for at, order in enumerate(asked.open_orders or ()):
        _check_days(f"open_orders.{at}", order, as_of)


def _check_days(place: str, order: OpenOrder, as_of: pd.Timestamp) -> None:
    if order.ordered_at > as_of.date():
        raise _wrong(
            f"{place}.ordered_at is {order.ordered_at}, after as_of {as_of:%Y-%m-%d}; "
            "send the day of the decision as as_of, or leave the order out"
        )
    if order.promised_at is not None and order.promised_at < order.ordered_at:
        raise _wrong(
            f"{place}.promised_at is {order.promised_at}, before ordered_at {order.ordered_at}; "
            "correct one of the two"
        )


def _wrong(detail: str) -> Problem:
    return Problem(422, "invalid_request", detail)

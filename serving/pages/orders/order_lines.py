"""Lines of an order as its page shows them: what the plan says of each, or a check where somebody changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from configs.errors import DomainError
from database.purchase_orders.records import OrderLine
from planning.inputs import texts_by_sku
from serving.http.problems import Problem
from serving.orders.line_check import check_line
from serving.orders.proposals import number_or_none, order_lines
from serving.state.served import Served

_MOST_CHECKED = 200
"""Lines that a page checks at the most; beyond them a line shows what the plan said."""

_CHECKED = (
    "unit_price", "price_break", "goods", "landed", "stock_days_now", "stock_days_after", "risk_if_skipped",
    "risk_if_ordered",
)  # fmt: skip
"""Numbers of a shown line that a check gives."""


@dataclass(frozen=True)
class ShownLine:
    """A line with what ordering it does: numbers none where they are not known.

    Attributes
    ----------
    quantity : as asked for in the form, else as it stands
    error : why the quantity cannot be checked, empty where it can
    why : why it is ordered, as the plan's tables keep a reason
    suppliers : others that offer the SKU
    checked : the numbers are those of a check, not the plan's
    """

    line: OrderLine
    description: str
    quantity: float
    due: date | None
    unit_price: float | None
    price_break: float | None
    goods: float | None
    landed: float | None
    stock_days_now: float | None
    stock_days_after: float | None
    risk_if_skipped: float | None
    risk_if_ordered: float | None
    worth: float | None
    why: str
    suppliers: tuple[str, ...]
    breaches: tuple[Any, ...] = ()
    advice: str = ""
    error: str = ""
    checked: bool = False


def shown_lines(
    served: Served, supplier_id: str, lines: Sequence[OrderLine], asked: Mapping[str, float]
) -> list[ShownLine]:
    """Return an order's lines with the plan's numbers; those of another quantity than the plan's are checked.

    `asked` are quantities of a form that is not saved yet, by SKU.
    """
    plan = order_lines(served)
    plan = plan[plan["supplier_id"] == supplier_id].drop_duplicates("unique_id").set_index("unique_id")
    ids = pd.Series([line.unique_id for line in lines], dtype=object).to_numpy()
    names = texts_by_sku(served.inputs.items, "description", ids)
    elsewhere = _other_suppliers(served, supplier_id, set(ids))
    shown, checked = [], 0
    for line, name in zip(lines, names, strict=True):
        quantity = asked.get(line.unique_id, line.quantity)
        known = plan.loc[line.unique_id] if line.unique_id in plan.index else None
        text = "" if pd.isna(name) else str(name)
        others = elsewhere.get(line.unique_id, ())
        planned = _planned(line, text, others, known)
        as_planned = known is not None and quantity == known["quantity"]
        if as_planned or checked >= _MOST_CHECKED:
            shown.append(planned)
        else:
            checked += 1
            shown.append(_checked(served, supplier_id, planned, quantity))
    return shown


def _planned(line: OrderLine, text: str, others: tuple[str, ...], known: pd.Series | None) -> ShownLine:
    """A line with the plan's numbers, without any where the plan has none."""
    plan: dict[str, Any] = {} if known is None else known.to_dict()
    return ShownLine(
        line=line,
        description=text,
        quantity=line.quantity,
        due=line.due,
        unit_price=line.unit_price,
        price_break=number_or_none(plan.get("price_break")),
        goods=line.goods,
        landed=number_or_none(plan.get("landed")),
        stock_days_now=number_or_none(plan.get("stock_days_now")),
        stock_days_after=number_or_none(plan.get("stock_days_after")),
        risk_if_skipped=number_or_none(plan.get("risk_if_skipped")),
        risk_if_ordered=number_or_none(plan.get("risk_if_ordered")),
        worth=number_or_none(plan.get("worth")),
        why=str(plan.get("why") or ""),
        suppliers=others,
    )


def _checked(served: Served, supplier_id: str, planned: ShownLine, quantity: float) -> ShownLine:
    """A line with the numbers of a check of another quantity than the plan's."""
    unknown: dict[str, Any] = dict.fromkeys(_CHECKED, None)
    asked = replace(planned, quantity=quantity, worth=None, checked=True, **unknown)
    try:
        check = check_line(served, supplier_id, planned.line.unique_id, quantity)
    except (DomainError, Problem) as error:
        return replace(asked, error=str(error))
    numbers: dict[str, Any] = {name: getattr(check, name) for name in _CHECKED}
    advice = check.advice.sentence if check.advice else ""
    return replace(asked, **numbers, breaches=check.breaches, advice=advice)


def _other_suppliers(served: Served, supplier_id: str, ids: set[str]) -> dict[str, tuple[str, ...]]:
    """Other suppliers that offer the SKUs `ids`, by SKU."""
    offers = served.inputs.offers
    others = offers[offers["unique_id"].isin(ids) & (offers["supplier_id"] != supplier_id)]
    found = others.groupby("unique_id")["supplier_id"].unique()
    return {str(sku): tuple(sorted(map(str, names))) for sku, names in found.items()}

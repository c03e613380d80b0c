"""Checks of an order line's quantity and days against its terms: each breach names the term, its value and the fix."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from configs.errors import DomainError
from configs.formats import plain
from planning.cost.price_breaks import PriceBreaks
from planning.inputs import PlanInputs
from planning.lanes.sending_days import SendingDays
from planning.policy.order_size import OrderLimits

OVERRULED = ("budget", "shelf_life", "below_minimum", "capacity")
"""Terms that a person may overrule with a reason; the others are the supplier's and hold."""
_NEAR = 1.25
"""A price break up to this multiple of the quantity is within reach."""


@dataclass(frozen=True)
class Breach:
    """A term that a quantity or day breaks: which, its value, the nearest that keeps it, and a sentence."""

    term: str
    value: float | str
    fix: float | str
    sentence: str

    @property
    def may_accept(self) -> bool:
        """Whether a person may overrule the term."""
        return self.term in OVERRULED


class TermBrokenError(DomainError):
    """A quantity or day that breaks a term: the first sentence, and all breaches."""

    def __init__(self, breaches: list[Breach]) -> None:
        super().__init__("; ".join(breach.sentence for breach in breaches))
        self.breaches = breaches


@dataclass(frozen=True)
class QuantityTerms:
    """What a supplier's offer of a SKU allows: limits and prices (one row each), and what sells in time.

    Attributes
    ----------
    proposed : units that the plan proposes, which are no breach of a shelf life
    """

    unique_id: str
    supplier_id: str
    limits: OrderLimits
    prices: PriceBreaks
    sellable: float
    proposed: float


def broken_terms(terms: QuantityTerms, quantity: float) -> list[Breach]:
    """Terms that ordering `quantity` units breaks: multiple, MOQ, maximum, shelf life."""
    limits, of = terms.limits, f"of {terms.unique_id} from {terms.supplier_id}"
    asked = f"quantity is {plain(quantity)}"
    moq, multiple = float(limits.smallest[0]), float(limits.multiple[0])
    largest = float(limits.largest[0])
    found = []
    if multiple > 0 and abs(quantity / multiple - round(quantity / multiple)) > 1e-9 * max(
        1.0, quantity / multiple
    ):
        near = float(limits.allowed(np.array([quantity]))[0])
        unit = "in whole units" if multiple == 1 else f"in multiples of {plain(multiple)}"
        sentence = f"{asked}, but orders {of} are {unit}; order {plain(near)}"
        found.append(Breach("order_multiple", multiple, near, sentence))
    if quantity < moq:
        sentence = f"{asked}, below the MOQ of {plain(moq)} {of}; order {plain(moq)}, or drop the line"
        found.append(Breach("moq", moq, moq, sentence))
    if quantity > largest:
        most = plain(largest)
        sentence = f"{asked}, above the maximum of {most} {of}; order {most}, the rest elsewhere or later"
        found.append(Breach("max_quantity", largest, largest, sentence))
    if quantity > max(terms.sellable, terms.proposed, moq):
        least = float(limits.allowed(np.array([terms.sellable]))[0])
        fits = max(
            least if least <= terms.sellable else float(limits.below(np.array([terms.sellable]))[0]), moq
        )
        sentence = (
            f"{asked}, but only {plain(round(terms.sellable, 1))} {of} are expected to sell before they "
            f"perish or the SKU ends; order {plain(fits)}, or accept it with a reason"
        )
        found.append(Breach("shelf_life", round(terms.sellable, 1), fits, sentence))
    return found


def price_break_advice(terms: QuantityTerms, quantity: float) -> Breach | None:
    """A price break within reach of `quantity` units: what it takes and what it saves; none where there is none."""
    units = np.array([quantity])
    start = float(terms.prices.next_start(units)[0])
    if not np.isfinite(start) or start > min(_NEAR * quantity, float(terms.limits.largest[0])):
        return None
    more = float(terms.limits.allowed(np.array([start]))[0])
    price, cheaper = (float(terms.prices.price(np.array([q]))[0]) for q in (quantity, more))
    extra = more * cheaper - quantity * price
    money = f"{plain(round(extra, 2))} more" if extra > 0 else f"{plain(round(-extra, 2))} less"
    sentence = (
        f"from {plain(start)} units of {terms.unique_id} the price is {plain(cheaper)} instead of {plain(price)}: "
        f"{plain(more - quantity)} more units cost {money} in all"
    )
    return Breach("price_break", start, more, sentence)


def broken_order_day(inputs: PlanInputs, supplier_id: str, day: date, *, today: date) -> list[Breach]:
    """Terms that sending an order on `day` breaks: not in the past, on a day on which its supplier takes orders."""
    if day < today:
        sentence = f"order_on is {day}, which is over; the first day is {today}"
        return [Breach("order_on", str(today), str(today), sentence)]
    order_days = _order_days(inputs.suppliers, supplier_id)
    names = np.array([supplier_id], object)
    wait = SendingDays.of([order_days], names, inputs.closures, pd.Timestamp(day)).first()[0]
    if wait == 0:
        return []
    later = day + timedelta(days=int(wait))
    takes = f"takes orders on {order_days}" if order_days else "is closed"
    sentence = f"order_on is {day:%a} {day}, but {supplier_id} {takes}; the next day is {later}"
    return [Breach("order_days", order_days or "", str(later), sentence)]


def _order_days(suppliers: pd.DataFrame, supplier_id: str) -> str | None:
    """Weekdays on which a supplier takes orders; none: every day."""
    if "order_days" not in suppliers:
        return None
    known = suppliers.loc[suppliers["supplier_id"] == supplier_id, "order_days"].dropna()
    return str(known.iloc[0]) if len(known) else None


def broken_due(unique_id: str, due: date, *, order_on: date) -> list[Breach]:
    """Terms that asking for a line by `due` breaks: not before the order goes out."""
    if due >= order_on:
        return []
    sentence = f"due of {unique_id} is {due}, before its order goes out on {order_on}; give a later day"
    return [Breach("due", str(order_on), str(order_on), sentence)]


def raise_unless_accepted(breaches: list[Breach], *, accepted: bool, reason: str) -> tuple[str, ...]:
    """Return the sentences of breaches that a person accepts with a reason.

    Raises
    ------
    TermBrokenError
        When a breach is not accepted, cannot be, or the reason is missing.
    """
    firm = [breach for breach in breaches if not breach.may_accept]
    if firm or (breaches and not (accepted and reason.strip())):
        raise TermBrokenError(firm or breaches)
    return tuple(breach.sentence for breach in breaches)

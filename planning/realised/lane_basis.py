"""The terms that a lane is bought on, small enough to be kept with a decision and whole enough to be played later."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from distributions.distribution import Array
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms, PlanSetting

LEAD_LEVELS: Array = np.round(np.concatenate([[0.01], np.arange(1, 20) / 20, [0.99]]), 3)
"""Levels at which a lead time is kept."""

_DIGITS = 6
_ENDLESS = ("maximum", "sellable")
_LISTS = ("lead_days", "starts", "prices")


@dataclass(frozen=True)
class LaneBasis:
    """Terms and policy of one lane as a plan had them; units, days and money.

    Attributes
    ----------
    supplier_id : who is bought from
    review : days between reviews
    reorder_point, order_up_to, expected : s, S and the expected demand of the protection interval that s stands on
    interval : days of the protection interval
    lead_days : lead time at `LEAD_LEVELS`
    moq, multiple, maximum : limits of an order; multiple 0: any quantity, maximum may be infinite
    starts, prices : price brackets
    unit, ordering, holding, shortage : money a unit, an order line, a unit and year, a unit missed
    capital : money a unit and year that goods cost that are paid for and not there yet
    payment_days : days from receipt to payment; NaN: paid with the order
    rejected : share rejected on receipt
    yearly, sellable : units a year; units of an order that surely sell in time
    shelf_life : days; NaN: keeps
    whole : counted in whole units
    """

    supplier_id: str
    review: float
    reorder_point: float
    order_up_to: float
    expected: float
    interval: float
    lead_days: tuple[float, ...]
    moq: float
    multiple: float
    maximum: float
    starts: tuple[float, ...]
    prices: tuple[float, ...]
    unit: float
    ordering: float
    holding: float
    capital: float
    shortage: float
    payment_days: float
    rejected: float
    yearly: float
    sellable: float
    shelf_life: float
    whole: bool

    @property
    def smallest(self) -> float:
        """Smallest quantity that can be ordered, units."""
        least = max(self.moq, self.multiple)
        return float(np.ceil(least / self.multiple - 1e-9) * self.multiple) if self.multiple > 0 else least

    def facts(self) -> dict[str, Any]:
        """The basis for JSON: what is not known or has no end is null."""
        return {part.name: _plain(getattr(self, part.name)) for part in fields(self)}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> Self:
        """The basis that was kept as JSON."""
        known = {"capital": facts.get("holding"), **facts}  # promises of before money had a price of its own
        read = {part.name: _read(part.name, known.get(part.name)) for part in fields(cls)}
        return cls(**read)


def lane_bases(terms: LaneTerms, items: Any, setting: PlanSetting) -> list[LaneBasis]:
    """Bases of n lanes from the terms of a plan."""
    shelf_life = numbers_by_sku(items, "shelf_life_days", terms.lanes["unique_id"].to_numpy(object))
    suppliers = terms.lanes["supplier_id"].fillna("").astype(str).tolist()
    lead = terms.lead_time.quantiles_at(LEAD_LEVELS)
    mean, costs, limits = terms.lead_time.mean(), terms.costs, terms.limits
    review = setting.policy.review_period_days
    return [
        LaneBasis(
            supplier_id=suppliers[i],
            review=review,
            reorder_point=float(terms.reorder_point[i]),
            order_up_to=float(terms.order_up_to[i]),
            expected=float(terms.demand.expected[i]),
            interval=float(mean[i] + review),
            lead_days=tuple(lead[i].tolist()),
            moq=float(limits.moq[i]),
            multiple=float(limits.multiple[i]),
            maximum=float(limits.maximum[i]),
            starts=tuple(costs.prices.starts[i].tolist()),
            prices=tuple(costs.prices.prices[i].tolist()),
            unit=float(costs.unit[i]),
            ordering=float(costs.ordering[i]),
            holding=float(costs.holding[i]),
            capital=float(costs.capital[i]),
            shortage=float(costs.shortage[i]),
            payment_days=float(costs.payment_days[i]),
            rejected=float(terms.lanes["rejected_share"].iloc[i]),
            yearly=float(terms.demand.yearly[i]),
            sellable=float(terms.sellable[i]),
            shelf_life=float(shelf_life[i]),
            whole=bool(terms.lanes["whole"].iloc[i]),
        )
        for i in range(len(suppliers))
    ]


def _plain(value: Any) -> Any:
    """A value for JSON: floats rounded, what is not finite None."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if np.isfinite(value) else None
    return value


def _read(name: str, value: Any) -> Any:
    """A value of the basis from JSON."""
    if name in _LISTS:
        empty = np.inf if name == "starts" else np.nan
        return tuple(empty if each is None else float(each) for each in value or ())
    if name == "supplier_id":
        return str(value or "")
    if name == "whole":
        return bool(value)
    if value is None:
        return np.inf if name in _ENDLESS else np.nan
    return float(value)

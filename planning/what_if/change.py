"""A change to ask about: terms of a supplier, a target and demand, each as it is where it is not named."""

from dataclasses import dataclass, fields

import pandas as pd

from configs.errors import DomainError
from distributions.distribution import Array


class WhatIfError(DomainError):
    """A change that no plan can be made with: says the parameter, its value and the fix."""


@dataclass(frozen=True)
class Amount:
    """An amount to ask about: `value` instead of today's, or times today's where `relative`."""

    value: float
    relative: bool = False

    def in_place_of(self, today: Array) -> Array:
        """Amounts (n,) in place of today's (n,); what is not known today stays so if the amount is relative."""
        return today * self.value if self.relative else today * 0.0 + self.value


@dataclass(frozen=True)
class Change:
    """A change to ask about.

    Attributes
    ----------
    supplier_id : whose terms change; target and demand are those of all SKUs that are assessed
    lead_time_days : days that orders placed from now on take longer
    spread : factor of the standard deviation of their lead time
    moq, order_multiple, price : terms of the supplier's offers, money and units; price breaks move with the price
    target : service level, a share
    demand : factor of demand, in every period to come
    closed_until : first day on which the supplier works again: until then orders, also open ones, stand still
    """

    supplier_id: str
    lead_time_days: float = 0.0
    spread: float = 1.0
    moq: Amount | None = None
    order_multiple: Amount | None = None
    price: Amount | None = None
    target: float | None = None
    demand: float = 1.0
    closed_until: pd.Timestamp | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether the change leaves everything as it is."""
        return all(getattr(self, field.name) == field.default for field in fields(self)[1:])

    @property
    def changes_offers(self) -> bool:
        """Whether the change is one of the offers' terms."""
        return any(amount is not None for amount in (self.moq, self.order_multiple, self.price))

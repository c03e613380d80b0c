"""Inventory while time passes: stock on hand, orders on their way, and what a period's demand makes of them."""

import numpy as np
from numpy.typing import ArrayLike

from distributions.distribution import Array


class Inventory:
    """Net stock and open orders of many cells side by side (SKUs × scenarios, rules × SKUs: any shape).

    A period goes: `place`, `receive`, `sell`. What is placed with lead time 0 is received in the same period, and
    orders arrive by their own lead times, so that a later one can overtake an earlier one.

    Attributes
    ----------
    net_stock : array (...), units on hand less backorders
    on_order : array (...), units placed and not received
    """

    def __init__(self, net_stock: ArrayLike, longest_lead_time: int) -> None:
        """Start with `net_stock` and nothing on order; no order will take more than `longest_lead_time` periods."""
        self.net_stock: Array = np.array(net_stock, float)
        self.on_order: Array = np.zeros_like(self.net_stock)
        self._arriving = np.zeros((longest_lead_time + 1, *self.net_stock.shape))
        self._now = 0

    @property
    def longest_lead_time(self) -> int:
        """Most periods that an order can take."""
        return len(self._arriving) - 1

    def due(self, periods: int) -> Array:
        """Units on order (...) to be received in `periods` periods, 0 being the one that is going on."""
        return np.asarray(self._arriving[(self._now + periods) % len(self._arriving)])

    def place(self, quantity: Array, lead_time: ArrayLike) -> None:
        """Order `quantity` (...), to be received in `lead_time` periods (a whole number, or of that shape)."""
        self.on_order += quantity
        slot = (self._now + np.asarray(lead_time)) % len(self._arriving)
        if slot.ndim == 0:
            self._arriving[slot] += quantity
            return
        cells = quantity.size
        at = np.broadcast_to(slot, quantity.shape).reshape(-1) * cells + np.arange(cells)
        self._arriving.reshape(-1)[at] += quantity.reshape(-1)

    def receive(self) -> Array:
        """Receive the orders due now into stock, and return their units (...)."""
        arrived: Array = self._arriving[self._now].copy()
        self._arriving[self._now] = 0.0
        self.net_stock += arrived
        self.on_order -= arrived
        return arrived

    def sell(self, demand: Array, *, lost_sales: bool) -> Array:
        """Serve `demand` from stock and end the period; return the units of it missed (...), lost or backordered."""
        missed: Array = demand - np.clip(np.minimum(self.net_stock, demand), 0.0, None)
        self.net_stock = self.net_stock - demand + (missed if lost_sales else 0.0)
        self._now = (self._now + 1) % len(self._arriving)
        return missed

"""Stock while time passes: what is there, what is on its way, and what a period's demand makes of them."""

import numpy as np
from numpy.typing import ArrayLike

from distributions.distribution import Array


class Stock:
    """Stock of many cells side by side (SKUs × scenarios, candidates × SKUs: any shape), and their open orders.

    A period goes: `place`, `receive`, `sell`. What is placed with lead time 0 is received in the same period, and
    orders arrive by their own lead times, so that a later one can overtake an earlier one.

    Attributes
    ----------
    net : array (...), units on hand less backorders
    on_order : array (...), units placed and not received
    """

    def __init__(self, net: ArrayLike, longest: int) -> None:
        """Start with `net` and nothing on order; no order will take more than `longest` periods."""
        self.net: Array = np.array(net, float)
        self.on_order: Array = np.zeros_like(self.net)
        self._coming = np.zeros((longest + 1, *self.net.shape))
        self._now = 0

    @property
    def longest(self) -> int:
        """Most periods that an order can take."""
        return len(self._coming) - 1

    def due(self, periods: int) -> Array:
        """Units (...) to be received in `periods` periods, 0 being the one that is going on."""
        return np.asarray(self._coming[(self._now + periods) % len(self._coming)])

    def place(self, quantity: Array, lead_time: ArrayLike) -> None:
        """Order `quantity` (...), to be received in `lead_time` periods (a whole number, or of that shape)."""
        self.on_order += quantity
        slot = (self._now + np.asarray(lead_time)) % len(self._coming)
        if slot.ndim == 0:
            self._coming[slot] += quantity
            return
        cells = quantity.size
        at = np.broadcast_to(slot, quantity.shape).reshape(-1) * cells + np.arange(cells)
        self._coming.reshape(-1)[at] += quantity.reshape(-1)

    def receive(self) -> Array:
        """Take in what is due now, and return it: units (...)."""
        arrived: Array = self._coming[self._now].copy()
        self._coming[self._now] = 0.0
        self.net += arrived
        self.on_order -= arrived
        return arrived

    def sell(self, demand: Array, *, lost_sales: bool) -> Array:
        """Serve `demand` and end the period; return the units of it missed (...), lost or left waiting."""
        missed: Array = demand - np.clip(np.minimum(self.net, demand), 0.0, None)
        self.net = self.net - demand + (missed if lost_sales else 0.0)
        self._now = (self._now + 1) % len(self._coming)
        return missed

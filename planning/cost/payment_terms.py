"""Payment terms: for how long goods are paid for and not there yet, or there and not paid for yet."""

import numpy as np

from distributions.distribution import Array


def prepaid_unit_days(payment_days: Array, on_way: Array, received: Array) -> Array:
    """Unit-days for which goods are paid for and not received yet; negative: received and not paid for yet.

    −N·p where N units are paid p days after their receipt. Where that is not known they are paid for when they are
    ordered, for all the time that they are on their way.

    Parameters
    ----------
    payment_days : p in days, NaN: paid when ordered; negative: paid so long before the receipt
    on_way : unit-days on their way
    received : N, units that are received and kept
    """
    return np.where(np.isnan(payment_days), on_way, -received * payment_days)

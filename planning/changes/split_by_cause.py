"""Parts of a change by cause that sum to it: causes replaced one after the other, there and back, and averaged."""

from collections.abc import Callable, Sequence

import numpy as np

from distributions.distribution import Array


def split_by_cause(value: Callable[[frozenset[str]], Array], causes: Sequence[str]) -> dict[str, Array]:
    """Parts of `value(all causes) − value(none)` by cause, arrays of the shape of a value.

    A cause's part is what replacing it changes, in the mean of two orders: the `causes` as they come, and from the last
    to the first. What two causes do only together is so shared evenly between them. Each order sums to the change
    because each step starts where the one before ended; a cause that changes nothing has a part of 0.

    Parameters
    ----------
    value : the numbers of a plan in which the causes of a set are those of the new plan, the others of the old
    """
    parts: dict[str, Array] = {}
    for order in (tuple(causes), tuple(reversed(causes))):
        before = value(frozenset())
        for at, cause in enumerate(order, start=1):
            after = value(frozenset(order[:at]))
            parts[cause] = parts.get(cause, np.zeros_like(before)) + (after - before) / 2
            before = after
    return parts

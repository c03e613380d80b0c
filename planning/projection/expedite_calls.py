"""Calls that expedite open orders: which order, when, and what share of its remaining days it then still takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.projection.scenario_levels import Float32Array


@dataclass(frozen=True)
class ExpediteCalls:
    """Calls to suppliers that make open orders come sooner, arrays (m,).

    Attributes
    ----------
    line : the open order, as a row of the pipeline
    share : of the days left on the day of the call that are still needed after it; never less than a day
    wait : days from now until the call; an order that has come by then is not touched
    """

    line: NDArray[np.intp]
    share: Array
    wait: Array

    def __getitem__(self, rows: NDArray[np.intp]) -> "ExpediteCalls":
        return ExpediteCalls(self.line[rows], self.share[rows], self.wait[rows])

    def expedited_days(self, left: Float32Array) -> Float32Array:
        """Days until arrival (m, M) of expedited orders that without the call have `left` (m, M) to go.

        An order that never comes, with infinite days, is not brought by a call.
        """
        wait, share = (of[:, None].astype(np.float32) for of in (self.wait, self.share))
        comes = np.where(np.isinf(left), np.float32(0.0), left)
        called = np.minimum(comes, wait + np.maximum(share * (comes - wait), np.float32(1.0)))
        return np.asarray(np.where(np.isinf(left), left, called))

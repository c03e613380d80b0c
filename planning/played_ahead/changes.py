"""Things that can be done otherwise today: an open order changed, or something ordered."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.take_rows import take_rows


@dataclass(frozen=True)
class Changes:
    """k things done otherwise, one a row, arrays (k,).

    Attributes
    ----------
    kind : push_back, reduce, cancel, split, expedite or engage_early
    lane : lane of the play
    line : row of the open order in the assessment's pipeline; −1: none is changed
    left : share of the open order that is left, 0 when it is cancelled; of one that is split, that comes as agreed
    later : days that it comes later, or that the rest of it does when it is split
    share : share of its days until arrival that it takes, when it is expedited
    ordered : units ordered today; NaN: what the plan then orders
    cost : what it costs to have that done, money
    """

    kind: NDArray[np.object_]
    lane: NDArray[np.intp]
    line: NDArray[np.intp]
    left: Array
    later: Array
    share: Array
    ordered: Array
    cost: Array

    @classmethod
    def of(cls, kind: str, lane: NDArray[np.intp], **values: Array | NDArray[np.intp]) -> Self:
        """Changes of one kind to the lanes `lane` (k,); what is not given is as it is."""
        k = len(lane)
        usual = {
            "line": np.full(k, -1),
            "left": np.ones(k),
            "later": np.zeros(k),
            "share": np.ones(k),
            "ordered": np.full(k, np.nan),
            "cost": np.zeros(k),
        }
        return cls(kind=np.full(k, kind, object), lane=lane, **(usual | values))

    def __len__(self) -> int:
        return len(self.lane)

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The changes `rows` (j,)."""
        picked: Self = take_rows(self, rows)
        return picked

    @classmethod
    def concat(cls, parts: Sequence["Changes"]) -> "Changes":
        """All changes of one or more `parts`, one after the other."""
        names = [part.name for part in fields(cls)]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

"""Scores of the SCMS benchmark: pinball loss and coverage of lead-time quantiles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.pinball import pinball_loss


@dataclass(frozen=True)
class LeadTimeScore:
    """Score of lead times in the SCMS benchmark: pinball loss (n,), days, and whether the 90 % intervals held."""

    loss: Array
    covered: NDArray[np.bool_]

    @classmethod
    def of(cls, quantiles: Array, outcome: Array) -> "LeadTimeScore":
        """Score lead-time quantiles (n, 19) by the lead times that came (n,)."""
        return cls(
            pinball_loss(outcome, quantiles), (quantiles[:, 0] <= outcome) & (outcome <= quantiles[:, -1])
        )

    @classmethod
    def concat(cls, scores: list["LeadTimeScore"]) -> "LeadTimeScore":
        """All rows of several scores of the SCMS benchmark."""
        return cls(np.concatenate([s.loss for s in scores]), np.concatenate([s.covered for s in scores]))

    def __getitem__(self, rows: NDArray[np.bool_]) -> "LeadTimeScore":
        return LeadTimeScore(self.loss[rows], self.covered[rows])

    @property
    def line(self) -> str:
        """Mean loss and coverage of the lead-time quantiles, for a table."""
        return f"{self.loss.mean():7.2f} {self.covered.mean():6.3f}"

"""Due dates of SKUs: how likely each is still above its reorder point at coming reviews, and for how long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks

_REVIEWS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 29, 38, 52])
_CHUNK = 4_000


@dataclass(frozen=True)
class ReviewGrid:
    """Coming reviews at which SKUs are looked at: `days` (V,) from now, and `steps` (V,) days from each to the next."""

    days: Array
    steps: Array

    @classmethod
    def of(cls, review: float) -> "ReviewGrid":
        """The grid of reviews every `review` days: the next ones, then fewer, a year of weeks ahead."""
        days = _REVIEWS * review
        steps = np.diff(days)
        return cls(days=days, steps=np.append(steps, steps[-1]))

    def expected_days(self, not_due: Array) -> Array:
        """Expected days (…) until the first review at which something is due, from `not_due` (…, V) by each of them."""
        return np.asarray(self.days[0] + not_due @ self.steps)


def chance_not_due(
    forecast: DemandForecast,
    levels: tuple[Array, ...],
    rows: NDArray[np.intp],
    grid: ReviewGrid,
    elapsed: float,
) -> list[Array]:
    """Chance (m, V) that the SKUs `rows` (m,) are not due by each review, at each of several stock `levels` (m,).

    P(D(t) ≤ y) for y units above the reorder point, and 0 for those that are due now.
    """
    above = np.column_stack(levels)

    def chances(chunk: NDArray[np.intp]) -> Array:
        days = np.broadcast_to(grid.days, (len(chunk), len(grid.days)))
        quantiles, means = forecast.window(days, elapsed=elapsed, rows=rows[chunk])
        m, points, count = quantiles.shape
        demand = Distribution(forecast.levels, quantiles.reshape(m * points, count))
        own = np.repeat(np.maximum(above[chunk], 0.0), points, axis=0)
        chance = demand.cdf(own).reshape(m, points, len(levels))
        chance = np.where(means[..., None] > 0, chance, 1.0) * (above[chunk, None] > 0)
        return np.asarray(np.minimum.accumulate(chance, axis=1))

    parts = list(map_in_threads(chances, row_chunks(np.arange(len(rows)), _CHUNK)))
    found = np.concatenate([np.zeros((0, len(grid.days), len(levels))), *parts])
    return [found[..., k] for k in range(len(levels))]

"""Later promises: where a supplier has announced a new day for an open order, that day and what usually comes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.promises import PROMISE, PromiseTrust, with_promise
from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps, time_grid
from models.lead_time.evaluation.mixture import mixture_quantiles
from models.lead_time.members.promise_error import PromiseError

_COLUMN = "repromised_at"
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_FEWEST = 30
"""Received lines with a new promise below which new promises are not looked at."""

_HALF = 30.0
"""Such lines at which the best share of new promises counts half."""

_LEARNED_SHARE = 0.6
"""Share of such lines, the earlier ones, that their errors are learned from to be judged on the others."""

Forecast = Callable[[pd.DataFrame], Distribution]


@dataclass(frozen=True)
class Repromises:
    """What new promises of open order lines are worth.

    Attributes
    ----------
    trust : which suppliers' new promises were not overwritten when goods arrived
    error : days of delay against the new promise
    share : how far the lead time of a line with a new promise is moved to it: 0 not at all, 1 wholly
    """

    trust: PromiseTrust
    error: PromiseError
    share: float

    @classmethod
    def none(cls) -> Self:
        """New promises that nothing is known of."""
        return cls(PromiseTrust(None, _COLUMN), PromiseError("days"), 0.0)

    @classmethod
    def learn(cls, orders: pd.DataFrame, lead_time: Forecast, half_life_days: float) -> Self:
        """Learn the errors of new promises, and the share that lets the later ones of them be forecast best.

        When a new day was announced is not in the data: lines are judged from the day on that they were first promised
        for. `lead_time` forecasts lines without the new promise; it has seen them, so that the share is cautious.
        """
        trust = PromiseTrust.learn(orders, _COLUMN)
        rows = with_promise(trust.with_promises(orders)).sort_values("ordered_at", kind="stable")
        rows = rows.reset_index(drop=True)
        closed = rows[~rows["is_open"].astype(bool)].reset_index(drop=True)
        if len(closed) < _FEWEST:
            return cls.none()
        first = int(_LEARNED_SHARE * len(closed))
        learned = PromiseError("days", half_life_days=half_life_days).fit(closed[:first])
        share = _best_share(learned, lead_time, closed[first:].reset_index(drop=True), time_grid(closed))
        share *= len(closed) / (len(closed) + _HALF)
        return cls(trust, PromiseError("days", half_life_days=half_life_days).fit(rows), share)

    def believed(self, orders: pd.DataFrame) -> NDArray[np.bool_]:
        """Open order lines (n,) with a new promise that is believed."""
        if self.share == 0 or _COLUMN not in orders or "is_open" not in orders:
            return np.zeros(len(orders), bool)
        return np.asarray(orders["is_open"].to_numpy(bool) & ~np.isnan(self.trust.days(orders)))

    def moved(self, orders: pd.DataFrame, values: Array) -> Array:
        """Lead-time quantiles (n, Q) of open lines that all have a new promise, moved to it by `share`."""
        rows = orders.assign(**{PROMISE: self.trust.days(orders)})
        return _mixed(values, self.error.predict(rows).values, self.share)

    def save(self, folder: Path) -> None:
        """Write what new promises are worth as `repromised.json`, and their errors."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {"trust": self.trust.to_json(), "share": self.share}
        (folder / "repromised.json").write_text(json.dumps(facts), encoding="utf-8")
        if self.share:
            self.error.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; nothing is known in bundles from before."""
        if not (folder / "repromised.json").exists():
            return cls.none()
        facts = json.loads((folder / "repromised.json").read_text(encoding="utf-8"))
        if not facts["share"]:
            return cls.none()
        return cls(PromiseTrust.from_json(facts["trust"]), PromiseError.load(folder), facts["share"])


def _best_share(
    error: PromiseError, lead_time: Forecast, later: pd.DataFrame, grid: tuple[Array, Array]
) -> float:
    """Share of new promises with the least CRPS of `later` lines, given that they were open on the day first promised.

    `grid`: points in time and the days they stand for.
    """
    first_promise = PromiseTrust(()).days(later)
    ages = np.nan_to_num(np.minimum(first_promise, 0.999 * later["duration"].to_numpy(float)))
    usual, moved = lead_time(later).values, error.predict(later).values

    def loss(share: float) -> float:
        given_age = Distribution(LEAD_TIME_LEVELS, _mixed(usual, moved, share)).above(ages)
        return float(censored_crps(cdf_on_grid(given_age.values, grid[0]), later, *grid).mean())

    return min(_SHARES, key=loss)


def _mixed(usual: Array, moved: Array, share: float) -> Array:
    """Quantiles (n, Q) of the mixture of lead times without and with the new promise, which has weight `share`."""
    return mixture_quantiles([usual, moved], np.array([1 - share, share]))

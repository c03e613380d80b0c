"""The demand panel: demand, covariates and events as dense arrays, one row a SKU, one column a period."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import season_length
from features.contract.period_calendar import PeriodCalendar
from features.demand.censoring import ImputedDemand, impute_censored
from features.demand.lifecycle.succession import Succession

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Demand panel of n SKUs over T periods, all on one calendar.

    Attributes
    ----------
    unique_ids : array (n,) of str, sorted
    ds : array (T,) of datetime64[ns], period starts, rising
    freq : pandas alias of the period starts, or that of a listed calendar
    calendar : of a listed calendar the period starts, none: `freq` says them all
    y : array (n, T), quantity demanded; NaN before a SKU's first row and where missing
    in_stock : bool array (n, T); False: `y` is only a lower bound of the demand
    covariates : name → array (n, T + future), NaN where it was not known at the cutoff
    known : names of the covariates known in advance
    events : name → array (n, T + future) of 0/1
    static : one row per SKU in the order of `unique_ids`: category, department, description, extra columns
    succession : which SKUs take over from which, none: nothing is replaced; `y` is what each sold itself
    imputed : `uncensored` where it is known already; one that was made for another `y` or `in_stock` does not count
    """

    unique_ids: NDArray[np.object_]
    ds: NDArray[np.datetime64]
    freq: str
    y: Array
    in_stock: NDArray[np.bool_]
    static: pd.DataFrame
    covariates: dict[str, Array] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    events: dict[str, Array] = field(default_factory=dict)
    succession: Succession | None = None
    imputed: ImputedDemand | None = None
    calendar: PeriodCalendar | None = None

    def __len__(self) -> int:
        return len(self.unique_ids)

    @property
    def periods(self) -> int:
        """Number of periods T of the panel."""
        return len(self.ds)

    @property
    def cutoff(self) -> pd.Timestamp:
        """Start of the panel's last period."""
        return pd.Timestamp(self.ds[-1])

    @property
    def known_demand(self) -> Array:
        """The panel's demand `y` where it is known, (n, T): NaN in stockouts, which are no sign of no demand."""
        return np.asarray(np.where(self.in_stock, self.y, np.nan))

    @cached_property
    def uncensored(self) -> Array:
        """Uncensored demand, `y` as models learn from it, (n, T): censored periods hold the demand expected there."""
        if self.imputed is not None and self.imputed.is_of(self.y, self.in_stock):
            return self.imputed.values
        return impute_censored(self.y, self.in_stock, season_length(self.freq))

    def future(self, h: int) -> NDArray[np.datetime64]:
        """Starts of the h periods after the panel's last one, then the end of the last of them: shape (h + 1,)."""
        calendar = self.calendar or PeriodCalendar(self.freq)
        return np.asarray(calendar.after(self.cutoff, h + 1))

    @property
    def unknown_since(self) -> NDArray[np.int64]:
        """Number of last periods of the panel in which each SKU's demand is not known, though it was before, (n,).

        Stockouts do not count: models know what a shelf that ran out says about demand.
        """
        known = ~np.isnan(self.y) | ~self.in_stock
        last = np.argmax(known[:, ::-1], axis=1)
        return np.where(known.any(axis=1), last, 0)

    def until(self, periods: int) -> Self:
        """The panel as it was after its first `periods` periods (covariates not known in advance are cut).

        SKUs that had not started yet stay, as rows without demand. Successions that had not begun are not known,
        unless their start was planned.
        """
        y, in_stock = self.y[:, :periods], self.in_stock[:, :periods]
        before = replace(
            self,
            ds=self.ds[:periods],
            y=y,
            in_stock=in_stock,
            covariates={
                name: values if name in self.known else blank_after(values, periods)
                for name, values in self.covariates.items()
            },
            # no period of it depends on later ones, and a backtest asks for many origins
            imputed=ImputedDemand(y, in_stock, self.uncensored[:, :periods]),
        )
        if self.succession is None:
            return before
        return replace(before, succession=self.succession.until(before.future(1)[0]))


def blank_after(values: Array, periods: int) -> Array:
    """A copy of a panel array (n, T + future) with NaN in all but its first `periods` periods."""
    result = values.copy()
    result[:, periods:] = np.nan
    return result

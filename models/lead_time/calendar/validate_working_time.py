"""Validates learned working time: weekdays and shutdowns count only where they improve backtest forecasts."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.learn_working_time import learn_working_time
from models.lead_time.calendar.working_time import WorkingTime
from models.lead_time.evaluation.backtest import WINDOWS
from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps, time_grid
from models.lead_time.evidence import mean_gain_lower_bound
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.snapshots import folds

_STRENGTH = 5.0
_LEAST_EPISODES = 8
_STANDARD_ERRORS = 1.0
"""One, for this is the second gate: what comes here has differed by two standard errors already."""
_NOTHING = 1e-12


def validated_working_time(
    orders: pd.DataFrame, sample: pd.DataFrame, supplier_calendar: SupplierCalendar
) -> WorkingTime:
    """Working time learned from `orders`, of which weekdays and shutdowns are kept that pay on snapshots of `sample`.

    Both are usable rows of `features.orders.order_history.order_history`. Shutdowns that come once in the history
    cannot be judged by earlier snapshots; there it is enough that they differ beyond chance.
    """
    learned = learn_working_time(orders, supplier_calendar)
    if not learned.depends_on_weekday and not learned.depends_on_shutdowns:
        return learned
    weekday_gains, shutdown_gains = _gains(sample, supplier_calendar)
    weekday = learned.depends_on_weekday and _pays(weekday_gains, if_too_few=False)
    shutdowns = learned.depends_on_shutdowns and _pays(shutdown_gains, if_too_few=True)
    return learned.without(weekday=not weekday, shutdowns=not shutdowns)


def _gains(sample: pd.DataFrame, supplier_calendar: SupplierCalendar) -> tuple[Array, Array]:
    """Relative gain of CRPS by weekdays and by shutdowns, by supplier and window where they change anything."""
    grid, days = time_grid(sample)
    parts = []
    for fold in folds(sample, WINDOWS):
        learned = learn_working_time(fold.past, supplier_calendar)
        losses = []
        for working_time in (
            WorkingTime.all_days(),
            learned.without(shutdowns=True),
            learned.without(weekday=True),
        ):
            model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,)).fit(
                working_time.in_working_days(fold.past, supplier_calendar)
            )
            forecast = model.predict(fold.later).values
            values = working_time.in_calendar_days(forecast, fold.later, supplier_calendar)
            losses.append(censored_crps(cdf_on_grid(values, grid), fold.later, grid, days))
        mean = pd.DataFrame(np.column_stack(losses)).groupby(fold.later["supplier_id"].to_numpy()).mean()
        parts.append(1 - mean.to_numpy()[:, 1:] / np.maximum(mean.to_numpy()[:, :1], _NOTHING))
    gains = np.concatenate([np.zeros((0, 2)), *parts])
    return gains[gains[:, 0] != 0, 0], gains[gains[:, 1] != 0, 1]


def _pays(gains: Array, *, if_too_few: bool) -> bool:
    """Whether the mean of the gains (n,) exceeds chance by a standard error; `if_too_few` with too few to tell."""
    if len(gains) < _LEAST_EPISODES:
        return if_too_few
    return bool(mean_gain_lower_bound(gains, k=_STANDARD_ERRORS) > 0)

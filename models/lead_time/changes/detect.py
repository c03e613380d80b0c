"""Suppliers whose lead times have changed: flagged with hysteresis, at a stated rate of false alarms."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.changes.control_charts import SETTLED, STATES, ControlCharts
from models.lead_time.changes.mix_adjusted import shipments

FALSE_ALARM_YEARS = 3.0
"""A supplier that does not change is flagged once in so many years, on average, at most."""
COLUMNS = [
    "supplier_id",
    "state",
    "since",
    "flagged_at",
    "orders_before",
    "orders_since",
    "shift",
    "spread",
    "judged",
]
HISTORY = ["supplier_id", "state", "since", "flagged_at"]

_PATIENCE, _LESS = 2.1, 22.0
"""A patience of 2.1 n − 22 gives about n orders between two false alarms, simulated for n = 36 … 360:
`python -m benchmarks.changes --calibrate`."""
_LEAST_ORDERS = 24.0
_LONGEST = 100
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Changes:
    """What the charts say of every supplier.

    Attributes
    ----------
    now : a row a supplier. state: one of `STATES`; since: day of the first order after the present or last change;
        flagged_at: day on which that was known (both NaT: never); orders_before, orders_since: shipments judged on
        either side; shift, spread: their comparable median and spread since, as ratios of before (NaN with < 3);
        judged: shipments judged
    history : a row a flag, `HISTORY`
    shipments : as `comparable.shipments`, with `present`: whether it tells of how the supplier is now
    """

    now: pd.DataFrame
    history: pd.DataFrame
    shipments: pd.DataFrame


def patience(orders_a_year: Array) -> Array:
    """Patience of the charts by orders a year, for one false alarm in `FALSE_ALARM_YEARS` on average.

    A supplier with few orders is flagged less often: a lower limit would be reached by next to nothing.
    """
    between = np.maximum(orders_a_year * FALSE_ALARM_YEARS, _LEAST_ORDERS)
    return np.asarray(_PATIENCE * between - _LESS)


def settling(orders_a_year: Array) -> NDArray[np.int64]:
    """Orders after which a new level is the usual one: those of half a year, 30 to 100."""
    return np.clip(np.rint(orders_a_year / 2), SETTLED, _LONGEST).astype(np.int64)


def detect_changes(orders: pd.DataFrame) -> Changes:
    """Follow every supplier through the frame of `features.orders.history.order_history`."""
    sent = shipments(orders)
    if sent.empty:
        return Changes(_empty(COLUMNS), _empty(HISTORY), sent.assign(present=pd.Series(dtype=bool)))
    code, suppliers = pd.factorize(sent["supplier_id"])
    step = sent.groupby("supplier_id", sort=False).cumcount().to_numpy()
    days = np.full((len(suppliers), int(step.max()) + 1), np.nan)
    is_open = np.zeros(days.shape, bool)
    days[code, step], is_open[code, step] = sent["days"], sent["is_open"].astype(bool)
    rate = _orders_a_year(sent)
    watch = ControlCharts(days, is_open, patience(rate), settling(rate)).run()
    placed = np.full(days.shape, np.datetime64("NaT"), "datetime64[ns]")
    placed[code, step] = sent["ordered_at"]
    known = np.full(days.shape, np.datetime64("NaT"), "datetime64[ns]")
    known[code, step] = sent["ordered_at"] + sent["duration"] * _DAY
    seen = _Seen(watch, np.asarray(suppliers, object), placed, known)
    history = seen.history()
    return Changes(seen.now(history), history, sent.assign(present=watch.present[code, step]))


@dataclass(frozen=True)
class _Seen:
    """A finished watch with its suppliers (S,), and when each order (S, T) was placed and had come or was seen last."""

    watch: ControlCharts
    suppliers: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    placed: "NDArray[np.datetime64]"
    known: "NDArray[np.datetime64]"

    def history(self) -> pd.DataFrame:
        """`HISTORY`; a flag is known once the order that raised it and all before it had come."""
        rows = [
            (
                self.suppliers[alarm.row],
                STATES[alarm.state],
                self.placed[alarm.row, alarm.since],
                np.nanmax(self.known[alarm.row, : alarm.at + 1]),
            )
            for alarm in self.watch.alarms
        ]
        table = pd.DataFrame(rows, columns=HISTORY) if rows else _empty(HISTORY)
        return table.sort_values(["supplier_id", "flagged_at"], kind="stable", ignore_index=True)

    def now(self, history: pd.DataFrame) -> pd.DataFrame:
        """`COLUMNS`."""
        last = history.drop_duplicates("supplier_id", keep="last").set_index("supplier_id")
        last = last.reindex(self.suppliers)
        judged = np.arange(self.placed.shape[1]) < self.watch.judged[:, None]
        after = judged & (np.arange(self.placed.shape[1]) >= self.watch.since[:, None])
        after &= last["since"].notna().to_numpy()[:, None]
        before = judged & ~after
        log = np.log(np.maximum(self.watch.days, 0.5))
        (middle, wide), (was, was_wide) = (_middle_and_spread(log, part) for part in (after, before))
        table = pd.DataFrame(
            {
                "supplier_id": self.suppliers,
                "state": np.array(STATES, object)[self.watch.state],
                "since": pd.to_datetime(last["since"]).to_numpy(),
                "flagged_at": pd.to_datetime(last["flagged_at"]).to_numpy(),
                "orders_before": before.sum(axis=1),
                "orders_since": after.sum(axis=1),
                "shift": np.exp(middle - was),
                "spread": wide / was_wide,
                "judged": self.watch.judged,
            }
        )
        return table[COLUMNS]


def _orders_a_year(sent: pd.DataFrame) -> Array:
    grouped = sent.groupby("supplier_id", sort=False)["ordered_at"]
    years = (grouped.max() - grouped.min()) / (365.25 * _DAY)
    return np.asarray((grouped.size() - 1) / years.clip(lower=0.25), float)


def _middle_and_spread(values: Array, part: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Median and median absolute deviation of the values in each row's part, NaN with fewer than three."""
    chosen = np.where(part & (part.sum(axis=1) >= 3)[:, None], values, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows of NaN alone are meant
        middle = np.nanmedian(chosen, axis=1)
        spread = np.nanmedian(np.abs(chosen - middle[:, None]), axis=1)
    return middle, np.where(spread > 0, spread, np.nan)


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})

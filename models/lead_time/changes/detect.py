"""Detects suppliers whose lead times have changed: state, date and size of the change, with few false alarms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.changes.control_charts import STATES, ControlCharts, settling_orders
from models.lead_time.changes.cusum_limits import in_control_run_length
from models.lead_time.changes.mix_adjusted import comparable_shipments

NOW_COLUMNS = [
    "supplier_id", "state", "since", "flagged_at", "orders_before", "orders_since", "shift", "spread", "judged",
]  # fmt: skip
HISTORY_COLUMNS = ["supplier_id", "state", "since", "flagged_at"]

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Changes:
    """Changes of lead times that the control charts show of every supplier.

    Attributes
    ----------
    now : a row a supplier. state: one of `STATES`; since: day of the first order after the present or last change;
        flagged_at: day on which that was known (both NaT: never); orders_before, orders_since: shipments judged on
        either side; shift, spread: their comparable median and spread since, as ratios of before (NaN with < 3);
        judged: shipments judged
    history : a row a flag, `HISTORY_COLUMNS`
    shipments : of `mix_adjusted.comparable_shipments`, with `is_current`: whether it shows how the supplier is now
    """

    now: pd.DataFrame
    history: pd.DataFrame
    shipments: pd.DataFrame


def detect_changes(orders: pd.DataFrame) -> Changes:
    """Detect changes of lead times of every supplier in `orders`, a `features.orders.order_history.order_history`."""
    shipments = comparable_shipments(orders)
    if shipments.empty:
        no_rows = shipments.assign(is_current=pd.Series(dtype=bool))
        return Changes(_no_changes(NOW_COLUMNS), _no_changes(HISTORY_COLUMNS), no_rows)
    code, suppliers = pd.factorize(shipments["supplier_id"])
    step = shipments.groupby("supplier_id", sort=False).cumcount().to_numpy()
    days = np.full((len(suppliers), int(step.max()) + 1), np.nan)
    is_open = np.zeros(days.shape, bool)
    days[code, step], is_open[code, step] = shipments["days"], shipments["is_open"].astype(bool)
    rate = _orders_a_year(shipments)
    charts = ControlCharts(days, is_open, in_control_run_length(rate), settling_orders(rate)).run()
    placed = np.full(days.shape, np.datetime64("NaT"), "datetime64[ns]")
    placed[code, step] = shipments["ordered_at"]
    ended = np.full(days.shape, np.datetime64("NaT"), "datetime64[ns]")
    ended[code, step] = shipments["ordered_at"] + shipments["duration"] * _DAY
    dated = _DatedCharts(charts, np.asarray(suppliers, object), placed, ended)
    history = dated.history()
    return Changes(dated.now(history), history, shipments.assign(is_current=charts.is_current[code, step]))


@dataclass(frozen=True)
class _DatedCharts:
    """Finished control charts of suppliers (S,), with the days each order (S, T) was placed and ended or last seen."""

    charts: ControlCharts
    suppliers: NDArray[np.object_]
    placed: NDArray[np.datetime64]
    ended: NDArray[np.datetime64]

    def history(self) -> pd.DataFrame:
        """Alarms as `HISTORY_COLUMNS`; a flag is known once the order that raised it and all before it had arrived."""
        rows = [
            (
                self.suppliers[alarm.supplier],
                STATES[alarm.state],
                self.placed[alarm.supplier, alarm.changed_at],
                np.nanmax(self.ended[alarm.supplier, : alarm.raised_at + 1]),
            )
            for alarm in self.charts.alarms
        ]
        table = pd.DataFrame(rows, columns=HISTORY_COLUMNS) if rows else _no_changes(HISTORY_COLUMNS)
        return table.sort_values(["supplier_id", "flagged_at"], kind="stable", ignore_index=True)

    def now(self, history: pd.DataFrame) -> pd.DataFrame:
        """State of each supplier and size of its last change, `NOW_COLUMNS`."""
        last = history.drop_duplicates("supplier_id", keep="last").set_index("supplier_id")
        last = last.reindex(self.suppliers)
        judged = np.arange(self.placed.shape[1]) < self.charts.judged[:, None]
        after = judged & (np.arange(self.placed.shape[1]) >= self.charts.changed_at[:, None])
        after &= last["since"].notna().to_numpy()[:, None]
        before = judged & ~after
        log = np.log(np.maximum(self.charts.days, 0.5))
        middle, spread = _median_and_spread(log, after)
        middle_before, spread_before = _median_and_spread(log, before)
        table = pd.DataFrame(
            {
                "supplier_id": self.suppliers,
                "state": np.array(STATES, object)[self.charts.state],
                "since": pd.to_datetime(last["since"]).to_numpy(),
                "flagged_at": pd.to_datetime(last["flagged_at"]).to_numpy(),
                "orders_before": before.sum(axis=1),
                "orders_since": after.sum(axis=1),
                "shift": np.exp(middle - middle_before),
                "spread": spread / spread_before,
                "judged": self.charts.judged,
            }
        )
        return table[NOW_COLUMNS]


def _orders_a_year(shipments: pd.DataFrame) -> Array:
    """Shipments a year of each supplier watched for changes, (S,), over at least a quarter."""
    grouped = shipments.groupby("supplier_id", sort=False)["ordered_at"]
    years = (grouped.max() - grouped.min()) / (365.25 * _DAY)
    return np.asarray((grouped.size() - 1) / years.clip(lower=0.25), float)


def _median_and_spread(values: Array, part: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Size of a detected change: median and MAD of lead times (S, T) on one side of it; NaN with < 3."""
    chosen = np.where(part & (part.sum(axis=1) >= 3)[:, None], values, np.nan)
    middle, spread = np.full((2, len(values)), np.nan)
    # a scorecard is made in a thread, where no warning can be switched off
    some = ~np.isnan(chosen).all(axis=1)
    middle[some] = np.nanmedian(chosen[some], axis=1)
    spread[some] = np.nanmedian(np.abs(chosen[some] - middle[some, None]), axis=1)
    return middle, np.where(spread > 0, spread, np.nan)


def _no_changes(columns: list[str]) -> pd.DataFrame:
    """Table of detected changes without rows, in these columns."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})

"""The ledger's step of a plan run: books what approved actions brought, and lets the new ones learn from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import orjson
import pandas as pd
from sqlalchemy import Engine

from database.action_ledger.bookings import ledger_frame
from database.action_ledger.promises import standing_promises, standing_rejections
from jobs.plan_data import PlanData
from planning.planner import Plan
from planning.realised.book_actions import Booking, book_actions
from planning.realised.realised_factors import realised_factors, with_factors
from planning.realised.rejected_often import held_back
from planning.realised.what_came import WhatCame

COUNTS_FROM_DAYS = 56
"""Days that an action is measured from which it says something about its lever."""

_BOOKED = ["decision_id", "kind", "promised", "promised_low", "promised_high", "realised", "low", "high"]


@dataclass(frozen=True)
class Ledger:
    """What a plan run knows of approved and rejected actions.

    Attributes
    ----------
    bookings : of the approved ones
    factors : what levers bring of what they promise, `planning.realised.realised_factors.FACTOR_COLUMNS`
    rejections : that stand
    """

    bookings: Sequence[Booking] = ()
    factors: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejections: pd.DataFrame = field(default_factory=pd.DataFrame)

    def facts(self) -> list[dict[str, Any]]:
        """The factors for the facts of the plan run, what is not known null."""
        rows: list[dict[str, Any]] = self.factors.round(4).astype(object).to_dict("records")
        return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]

    def judge(self, plan: Plan, as_of: pd.Timestamp) -> Plan:
        """The plan with what each action's lever brings of its promises, and why some are held back."""
        actions = with_factors(plan.actions, self.factors)
        facts = [orjson.loads(text) for text in actions["facts"]]
        held = held_back(actions.assign(facts=facts), self.rejections, as_of=as_of)
        return replace(plan, actions=actions.assign(held_back=held))


def book_ledger(engine: Engine, data: PlanData) -> Ledger:
    """Book the approved actions by the tables of a plan run, as they are before anything approved is put into them."""
    promises = standing_promises(engine, today=data.checked.as_of.date())
    bookings = book_actions(promises, what_came(data)) if promises else []
    return Ledger(bookings, realised_factors(_counted(engine, bookings)), standing_rejections(engine))


def what_came(data: PlanData) -> WhatCame:
    """What really came, from the tables of a plan run."""
    panel, tables = data.panel, data.checked.tables
    return WhatCame(
        as_of=data.checked.as_of,
        unique_ids=panel.unique_ids,
        starts=np.append(panel.ds, panel.future(1)[:1]).astype("datetime64[ns]"),
        demand=panel.uncensored,
        lines=data.checked.orders,
        promises=tables.purchase_orders[["order_id", "line", "repromised_at"]],
        stock=tables.stock,
        offers=tables.offers,
    )


def _counted(engine: Engine, bookings: Sequence[Booking]) -> pd.DataFrame:
    """What is booked of actions that say something about their lever: measured for long enough, or lapsed."""
    new = pd.DataFrame(
        [
            (
                booking.promise.decision_id,
                booking.promise.kind,
                *(getattr(booking, name) for name in _BOOKED[2:]),
            )
            for booking in bookings
            if _says_something(booking)
        ],
        columns=_BOOKED,
    )
    before = ledger_frame(engine)
    final = before[(before["state"] == "realised") & ~before["decision_id"].isin(_ids(bookings))]
    parts = [part for part in (new, final[_BOOKED]) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else new


def _says_something(booking: Booking) -> bool:
    """Whether an action says something about its lever: it was measured, or the data show that nothing came of it.

    Of one that lapsed without a trace nobody knows whether it was ever asked for.
    """
    if booking.state.state == "lapsed":
        return bool(booking.state.evidence)
    return _days(booking) >= COUNTS_FROM_DAYS


def _days(booking: Booking) -> float:
    """Days that an action is measured."""
    if booking.measured_from is None or booking.measured_until is None:
        return 0.0
    return float((booking.measured_until - booking.measured_from) / pd.Timedelta(days=1))


def _ids(bookings: Sequence[Booking]) -> list[int]:
    """Decisions that are booked."""
    return [booking.promise.decision_id for booking in bookings]

"""Agreements on lead times that took effect are told to the next training."""

from dataclasses import dataclass, replace

import pandas as pd
from promises import TERMS, promise
from sqlalchemy import Engine
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database import plan_runs
from database.action_ledger.promises import standing_promises
from database.decisions import DecisionRequest, decide
from planning.realised.action_states import ActionState
from planning.realised.book_actions import Booking
from training.known_breaks import with_known_breaks

TODAY = pd.Timestamp("2024-01-03")


@dataclass(frozen=True)
class Checked:
    """What of checked tables the breaks are put into."""

    orders: pd.DataFrame
    as_of: pd.Timestamp


ORDERS = pd.DataFrame({"supplier_id": ["far", "far", "near"], "unique_id": ["sku", "other", "sku"]})


def agree(engine: Engine) -> None:  # noqa: F811 -- the fixture
    """An agreement on the lead time of `sku` at `far` that took effect a week after today."""
    sla = promise("lead_time_sla", after=replace(TERMS, lead_days=tuple(day - 5 for day in TERMS.lead_days)))
    row = {
        "action_id": "a1", "kind": "lead_time_sla", "unique_id": "sku", "supplier_id": "far", "worth": 9.0,
        "worth_period": "year", "title": "Agree", "evidence": "", "basis": sla.basis,
    }  # fmt: skip
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY.date(), source="data", folder="plans/1", facts={})
    with plan_runs.record_plan_run(engine, entry, actions=pd.DataFrame([row])):
        pass
    decide(engine, DecisionRequest("a1", "approve", "ada"), today=TODAY.date())
    (standing,) = standing_promises(engine, today=TODAY.date())
    since = TODAY + pd.Timedelta(days=7)
    state = ActionState("in_effect", TODAY, since, None, since)
    with plan_runs.record_plan_run(
        engine, entry, actions=pd.DataFrame([row]), bookings=[Booking(standing, state)]
    ):
        pass


def test_lanes_know_since_when_their_lead_time_is_as_it_was_agreed(engine: Engine) -> None:  # noqa: F811
    agree(engine)
    told = with_known_breaks(Checked(ORDERS, TODAY + pd.Timedelta(days=30)), engine)
    assert told.orders["agreed_since"].notna().tolist() == [True, False, False]
    assert told.orders["agreed_since"].iloc[0] == TODAY + pd.Timedelta(days=7)


def test_without_an_agreement_until_then_nothing_is_told(engine: Engine) -> None:  # noqa: F811
    checked = Checked(ORDERS, TODAY)
    assert with_known_breaks(checked, engine) is checked
    agree(engine)
    assert with_known_breaks(checked, engine) is checked

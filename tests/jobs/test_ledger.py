"""The ledger's step of a plan run: approved one week, found in the tables of a later one, learned from."""

import shutil
from datetime import date, timedelta

import pandas as pd
import pytest

from database.action_ledger.bookings import ledger_frame
from database.decisions import DecisionRequest, decide
from database.engine import open_engine
from database.plan_runs import PlanRunEntry, latest, record_plan_run
from database.recommendations import RecommendationFilter, list_recommendations
from database.settings import Settings
from jobs.plan import run_plan


@pytest.fixture
def state(home):
    engine = open_engine(Settings(home=home).state_url)
    yield engine
    engine.dispose()


def open_actions(engine, today):
    return list_recommendations(engine, RecommendationFilter(status="open"), today=today)


def with_orders(company, folder, orders):
    """The company's tables with more order lines."""
    shutil.copytree(company, folder)
    lines = pd.read_csv(folder / "purchase_orders.csv", dtype=str)
    pd.concat([lines, pd.DataFrame(orders)]).to_csv(folder / "purchase_orders.csv", index=False)
    return folder


def test_an_approved_switch_is_booked_once_orders_show_it(home, company, state, tmp_path):
    settings, decided = Settings(home=home), date(2024, 4, 29)
    action = next(
        row for row in open_actions(state, decided) if row.alternative_supplier_id and row.unique_id
    )
    decide(state, DecisionRequest(action.action_id, "approve", "ada"), today=decided)
    run_plan(settings, source=str(company), out=tmp_path / "out")
    assert ledger_frame(state)["in_effect_on"].isna().all()
    first = decided + timedelta(days=3)
    days = [first + timedelta(days=7 * n) for n in range(8)]
    orders = [
        {
            "order_id": f"NEW{n}",
            "line": "1",
            "supplier_id": action.alternative_supplier_id,
            "unique_id": action.unique_id,
            "ordered_at": day,
            "quantity_ordered": 50,
            "quantity_received": 50,
            "received_at": day + timedelta(days=6),
        }
        for n, day in enumerate(days)
    ]
    result = run_plan(
        settings, source=str(with_orders(company, tmp_path / "later", orders)), out=tmp_path / "out"
    )
    booked = ledger_frame(state).iloc[0]
    assert (booked["state"], booked["in_effect_on"]) == ("in_effect", pd.Timestamp(first))
    assert booked["measured_until"] == pd.Timestamp("2024-07-15")
    assert booked["low"] <= booked["realised"] <= booked["high"]
    assert sum(booked["parts"].values()) == pytest.approx(booked["realised"], abs=0.1)
    assert result.facts["lever_factors"] == []  # one action teaches nothing


def test_three_rejections_at_a_supplier_hold_the_next_ones_back(home, company, state, tmp_path):
    day = pd.Timestamp("2024-07-15").date()
    action = next(row for row in open_actions(state, day) if not row.alternative_to and row.supplier_id)
    before = pd.DataFrame([vars(action)] * 3).assign(action_id=["r1", "r2", "r3"], facts="{}")
    entry = PlanRunEntry("b" * 64, day, source="data", folder=latest(state).folder, facts={})
    with record_plan_run(state, entry, actions=before):
        pass
    for name in before["action_id"]:
        decide(state, DecisionRequest(name, "reject", "ada", "no", category="supplier"), today=day)
    result = run_plan(Settings(home=home), source=str(company), out=tmp_path / "out")
    held = result.actions.set_index("action_id")["held_back"]
    why = f"rejected 3 times at {action.supplier_id}: the supplier refuses"
    assert held[action.action_id] == why
    same = result.actions.set_index("action_id")[["kind", "supplier_id"]] == [action.kind, action.supplier_id]
    assert set(held[held != ""].index) <= set(same.index[same.all(axis=1)])
    rows = {row.action_id: row for row in open_actions(state, day)}
    assert rows[action.action_id].held_back == why

import json

from database.alerts.exception_list import list_exceptions
from database.audit.verify import verify
from database.engine import open_state
from database.plan_runs import latest
from database.settings import Settings
from jobs.plan import run_plan


def planned(home, company, out):
    result = run_plan(Settings(home=home), source=str(company), out=out)
    return {name: value for name, value in result.summary().items() if name.startswith("alerts_")}


def test_each_plan_run_opens_what_is_new_and_closes_what_is_gone(home, company, tmp_path):
    engine = open_state(Settings(home=home))
    before = list_exceptions(engine)
    assert {row.kind for row in before} >= {"order_due", "stockout_risk", "overdue"}
    assert len({(row.rule, row.subject) for row in before}) == len(before)
    assert planned(home, company, tmp_path) == {"alerts_opened": 0, "alerts_closed": 0, "alerts_queued": 0}
    assert {row.id for row in list_exceptions(engine)} == {row.id for row in before}
    assert {row.plan_run for row in list_exceptions(engine)} == {latest(engine).id}
    rules = {"overdue": {"enabled": False}, "order_due": {"open_at": 0, "close_at": 0, "owner": "ada"}}
    targets = {"erp": {"url": "http://127.0.0.1:9/", "closings": True}}
    (home / "alerts.yaml").write_text(json.dumps({"rules": rules, "webhooks": targets}))
    overdue = [row.id for row in before if row.kind == "overdue"]
    facts = planned(home, company, tmp_path)
    assert facts == {"alerts_opened": 0, "alerts_closed": len(overdue), "alerts_queued": len(overdue)}
    closed = list_exceptions(engine, standing=False)
    assert {row.closed_because for row in closed} == {"its rule was switched off"}
    assert sorted(row.id for row in closed) == sorted(overdue)
    assert verify(engine).problems == ()
    engine.dispose()


def test_alerts_that_cannot_be_evaluated_say_so_and_take_no_plan_away(home, company, tmp_path):
    (home / "alerts.yaml").write_text("rules: {overdue: {open_at: soon}}\n")
    engine = open_state(Settings(home=home))
    before = latest(engine).id
    facts = planned(home, company, tmp_path)
    assert facts["alerts_queued"] == 0
    assert "alerts.yaml: rules.overdue.open_at" in facts["alerts_problem"]
    assert latest(engine).id > before
    engine.dispose()

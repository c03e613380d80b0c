"""Each kind of rule by hand: one subject beyond its threshold, one before it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from procurement.alerts.evaluate import FINDINGS, evaluate
from procurement.alerts.plan_facts import PlanFacts
from procurement.alerts.rules import KINDS, default_rule

DAY = pd.Timestamp("2026-03-02")
FACTS = PlanFacts(
    as_of=DAY,
    today=DAY,
    currency="EUR",
    period_days=7.0,
    trained_as_of=DAY - pd.Timedelta(days=10),
    supplier_names={"n": "North Ltd"},
    descriptions={"a": "Bolt"},
)


def days(*ahead):
    return [pd.NaT if each is None else DAY + pd.Timedelta(days=each) for each in ahead]


def of(kind, tables, facts=FACTS, **changes):
    """Findings of a kind's own rule."""
    return evaluate([replace(default_rule(kind), **changes)], tables, facts).frame


def only(frame):
    assert len(frame) == 1
    return frame.iloc[0]


def test_an_order_is_due_by_the_first_of_its_supplier_s_skus():
    plan = pd.DataFrame(
        {
            "unique_id": list("abcdef"),
            "supplier_id": ["n", "n", "n", "s", "s", None],
            "order_by": pd.to_datetime(days(1, 1, 3, 5, 6, 0)),
            "order_quantity": [10.0, 0.0, 2.0, 0.0, np.nan, 5.0],
            "unit_price": [3.0, 1.0, 4.0, 9.0, 9.0, 1.0],
        }
    )
    row = only(of("order_due", {"plan": plan}))
    assert (row["subject"], row["value"], row["money"]) == ("n", 1.0, 38.0)
    assert row["text"] == (
        "Order from North Ltd by 2026-03-03 (in 1 day): 2 SKUs are due then; today's proposal is 38 EUR."
    )
    assert row["link"] == "/orders/proposals/n"


def running_out(**changes):
    row = {
        "status": "at_risk", "unique_id": "a", "supplier_id": "n", "runs_out_on": DAY, "risk_if_skipped": 0.6,
        "short": 12.0, "at_stake": 120.0, "remedy_text": "",
    }  # fmt: skip
    return row | changes


def test_a_sku_runs_out_by_its_risk_if_today_is_skipped():
    table = pd.DataFrame([running_out(), running_out(unique_id="b", risk_if_skipped=0.29)])
    row = only(of("stockout_risk", {"running_out": table}))
    assert (row["subject"], row["value"], row["money"], row["link"]) == ("a", 0.6, 120.0, "/skus/a")
    assert "a (Bolt) runs out by 2026-03-02" in row["text"]
    assert "60%, 12 units short, 120 EUR at stake" in row["text"]


def card(**changes):
    row = {
        "supplier_id": "n", "state": "stable", "shift": 1.4, "since": DAY, "on_time_before": 0.9,
        "on_time_now": 0.7, "on_time_now_high": 0.8,
    }  # fmt: skip
    return row | changes


def no_orders():
    return order_lines([])


def order_lines(rows):
    columns = {
        "order_id": "object", "line": "object", "supplier_id": "object", "ordered_at": "datetime64[ns]",
        "promised_at": "datetime64[ns]", "repromised_at": "datetime64[ns]", "is_open": "bool",
        "quantity_ordered": "float64", "quantity_received": "float64", "quantity_open": "float64",
        "unit_price": "float64",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def test_a_supplier_got_worse_by_what_is_sure_of_it():
    table = pd.DataFrame(
        [
            card(),
            card(supplier_id="s", state="eroding", on_time_now_high=0.95),
            card(supplier_id="e", on_time_now_high=0.91),
            card(supplier_id="w", on_time_before=np.nan),
        ]
    )
    found = of("supplier_eroding", {"scorecard": table, "orders": no_orders()}).set_index("subject")
    assert found["value"].round(9).to_dict() == {"n": 0.1, "s": 0.4}
    assert found.loc["n", "text"] == "North Ltd got worse: on time 70% in the last 90 days, 90% before."
    assert found.loc["s", "text"] == "s got worse: lead times 40% longer since 2026-03-02."


def test_a_supplier_that_leaves_lines_short_got_worse():
    rows = []
    for number in range(40):
        late = number >= 20
        rows.append(
            {
                "order_id": str(number), "line": "1", "supplier_id": "n", "is_open": False,
                "ordered_at": DAY - pd.Timedelta(days=30 if late else 200), "quantity_ordered": 10.0,
                "quantity_received": 5.0 if late and number % 2 else 10.0, "quantity_open": 0.0, "unit_price": 1.0,
            }
        )  # fmt: skip
    table = pd.DataFrame([card(on_time_now_high=0.95)])
    row = only(of("supplier_eroding", {"scorecard": table, "orders": order_lines(rows)}))
    # 100 % before, 50 % now; both 75 %: 1.6449 · sqrt(.75 · .25 · (1/20 + 1/20)) = .2252
    assert row["value"] == pytest.approx(0.5 - 1.6449 * (0.75 * 0.25 * 0.1) ** 0.5)
    assert "50% of lines came in full in the last 90 days, 100% before" in row["text"]


def test_a_budget_is_passed_by_its_chance_and_one_that_is_over_is_none():
    row = {
        "budget": "2026 · tools", "amount": 100.0, "spent": 60.0, "projected": 130.0, "over_chance": 0.85,
        "over_on": DAY, "over_by": 30.0, "ends": DAY, "state": "running",
    }  # fmt: skip
    table = pd.DataFrame(
        [row, row | {"budget": "2025", "state": "past"}, row | {"budget": "b", "over_chance": 0.59}]
    )
    found = only(of("budget", {"budget_outlook": table}))
    assert (found["subject"], found["value"], found["money"]) == ("2026 · tools", 0.85, 30.0)
    assert "will be passed by 2026-03-02 with a chance of 85%" in found["text"]


def unusual(**changes):
    row = {
        "kind": "price", "at": DAY - pd.Timedelta(days=30), "order_id": "P1", "line": "1", "amount": 900.0,
        "reason": "twice the price",
    }  # fmt: skip
    return row | changes


def test_prices_and_other_unusual_spend_of_late_are_apart():
    table = pd.DataFrame(
        [
            unusual(),
            unusual(order_id="P2", at=DAY - pd.Timedelta(days=31)),
            unusual(order_id="P3", amount=249.0),
            unusual(order_id="P4", line=None, kind="split", amount=5000.0),
            unusual(order_id="P4", line=None, kind="split", amount=4000.0),
        ]
    )
    price = only(of("price", {"unusual_spend": table}))
    assert (price["subject"], price["value"]) == ("price P1/1", 900.0)
    assert price["text"] == "Order P1 of 2026-01-31: twice the price; 900 EUR."
    other = only(of("unusual_spend", {"unusual_spend": table}))
    assert (other["subject"], other["value"]) == ("split P4", 5000.0)


def test_an_order_is_overdue_by_its_last_promise():
    base = {
        "line": "1", "supplier_id": "n", "ordered_at": DAY, "is_open": True, "quantity_ordered": 9.0,
        "quantity_received": 0.0, "quantity_open": 4.0, "unit_price": 2.5,
    }  # fmt: skip
    rows = [
        base | {"order_id": "late", "promised_at": days(-5)[0]},
        base | {"order_id": "late", "line": "2", "promised_at": days(-2)[0]},
        base | {"order_id": "moved", "promised_at": days(-9)[0], "repromised_at": days(3)[0]},
        base | {"order_id": "here", "promised_at": days(-9)[0], "is_open": False},
        base | {"order_id": "today", "promised_at": DAY},
    ]
    row = only(of("overdue", {"orders": order_lines(rows)}))
    assert (row["subject"], row["value"], row["money"]) == ("late", 5.0, 20.0)
    assert row["text"] == (
        "Order late of North Ltd is 5 days past its promise of 2026-02-25: 2 lines, 20 EUR still to come."
    )


def test_a_contract_ends_unless_another_follows():
    contracts = pd.DataFrame(
        {
            "contract_id": ["C1", "C2", "C3", "C4", "C5", "C6"],
            "supplier_id": ["n", "s", "s", "e", "n", "w"],
            "unique_id": ["a", None, None, None, None, None],
            "category": [None, "tools", "tools", None, None, None],
            "valid_to": pd.to_datetime([*days(20, 20, 400, None, 76, -31)]),
        }
    )
    row = only(of("contract_ending", {"contracts": contracts}))
    assert (row["subject"], row["value"]) == ("n · a", 20.0)
    assert row["text"] == (
        "Contract C1 with North Ltd about a ends on 2026-03-22 (in 20 days), and nothing follows it."
    )


def test_tables_are_late_by_their_age_less_a_period():
    facts = replace(FACTS, today=DAY + pd.Timedelta(days=9), counted_on=DAY + pd.Timedelta(days=8))
    row = only(of("data_stale", {}, facts))
    assert (row["subject"], row["value"]) == ("tables", 3.0)
    assert row["text"] == "The tables end on 2026-03-02, 9 days ago: 3 days late."
    assert of("data_stale", {}, replace(FACTS, today=DAY + pd.Timedelta(days=6))).empty


def test_a_model_is_due_by_its_age_or_because_monitoring_says_so():
    assert of("model_due", {}).empty
    old = replace(FACTS, trained_as_of=DAY - pd.Timedelta(days=45))
    assert only(of("model_due", {}, old))["value"] == 45.0
    asked = only(of("model_due", {}, replace(FACTS, retrain="losses rose by 12%")))
    assert asked["value"] >= KINDS["model_due"].open_at
    assert asked["text"].endswith("10 days before the plan. Monitoring: losses rose by 12%.")


def test_stock_expires_by_its_first_lot():
    lots = pd.DataFrame(
        {
            "unique_id": ["a", "a", "b"],
            "expires_at": pd.to_datetime(days(9, 30, 22)),
            "days_left": [9.0, 30.0, 22.0],
            "unsold_units": [5.0, 7.0, 1.0],
            "unsold_value": [50.0, np.nan, 9.0],
        }
    )
    row = only(of("expiring", {"expiring_lots": lots}))
    assert (row["subject"], row["value"], row["money"]) == ("a", 9.0, 50.0)
    assert "12 units of a (Bolt) in 2 lots" in row["text"]


def test_a_rule_without_its_table_has_not_looked_and_says_so():
    found = evaluate([default_rule("overdue"), default_rule("model_due")], {}, FACTS)
    assert found.not_looked == ("overdue",)
    assert list(found.frame.columns) == list(FINDINGS)


@pytest.mark.parametrize(("least", "count"), [(120.0, 1), (120.1, 0)])
def test_less_money_than_the_rule_asks_for_is_no_finding(least, count):
    table = pd.DataFrame([running_out()])
    assert len(of("stockout_risk", {"running_out": table}, least_money=least)) == count


def test_empty_tables_find_nothing():
    empty = {
        "plan": pd.DataFrame({"unique_id": [], "supplier_id": [], "order_by": pd.to_datetime([]),
                              "order_quantity": [], "unit_price": []}),
        "running_out": pd.DataFrame([running_out()])[:0],
        "scorecard": pd.DataFrame([card()])[:0],
        "orders": no_orders(),
        "unusual_spend": pd.DataFrame([unusual()])[:0],
        "expiring_lots": pd.DataFrame({"unique_id": [], "expires_at": pd.to_datetime([]), "days_left": [],
                                       "unsold_units": [], "unsold_value": []}),
        "budget_outlook": pd.DataFrame({name: [] for name in ("budget", "amount", "spent", "projected",
                                                              "over_chance", "over_on", "over_by", "ends", "state")}),
        "contracts": pd.DataFrame({"contract_id": [], "supplier_id": [], "unique_id": [], "category": [],
                                   "valid_to": pd.to_datetime([])}, dtype=object).astype(
                                       {"valid_to": "datetime64[ns]"}),
    }  # fmt: skip
    found = evaluate([default_rule(kind) for kind in KINDS], empty, FACTS)
    assert found.not_looked == ()
    assert len(found.frame) == 0

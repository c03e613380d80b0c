"""The brief of a supplier: what it rests on, what was agreed, and the same as Markdown."""

import pandas as pd
import pytest

from database.decisions import DecisionRequest, decide
from database.recommendations import RecommendationFilter, list_recommendations
from serving.brief.brief_document import supplier_brief
from serving.brief.brief_markdown import brief_markdown
from serving.brief.supplier_history import orders_at_risk, spend, worst_orders
from serving.http.problems import Problem
from serving.state.business_day import business_day


@pytest.fixture
def brief(follower):
    return supplier_brief(follower, "south")


def test_every_term_has_its_worth_with_a_range(brief):
    assert {row["term"] for row in brief["terms"]} >= {"lead_time", "price"}
    for row in brief["terms"]:
        assert row["worth_low"] <= row["worth"] <= row["worth_high"]
    price = next(row for row in brief["terms"] if row["term"] == "price")
    assert price["worth"] > 0


def test_asks_are_in_order_of_worth_with_a_fallback_each(brief):
    assert 1 <= len(brief["asks"]) <= 3
    own = [ask["worth"] for ask in brief["asks"] if ask["action_id"]]
    assert own == sorted(own, reverse=True)
    assert all(ask["fallback"] for ask in brief["asks"])
    assert brief["gives"]


def test_money_is_that_of_the_orders(follower, brief):
    served = follower.current()
    orders = served.orders_of("south")
    recent = orders[orders["ordered_at"] > served.as_of - pd.Timedelta(days=365)]
    assert brief["spend"]["orders"] == recent["order_id"].nunique()
    months = sum(row["money"] for row in brief["spend"]["months"])
    assert months == pytest.approx(spend(served, "south")["last_12_months"], rel=0.02)


def test_needs_are_by_month_with_a_range_and_growth_is_against_what_was_ordered(brief):
    months = brief["needs"]["months"]
    assert len(months) == 6
    assert all(row["low"] <= row["money"] <= row["high"] for row in months)
    assert months[0]["month"] == "2024-07"
    assert brief["growth"] == pytest.approx(brief["needs"]["year"] / brief["spend"]["last_12_months"] - 1)


def test_the_worst_orders_are_late_ones_by_name(follower):
    served = follower.current()
    worst = worst_orders(served, "south")
    assert all(row["days_late"] > 0 and row["received_at"] > row["promised_at"] for row in worst)
    weights = [row["days_late"] * row["money"] for row in worst]
    assert weights == sorted(weights, reverse=True)


def test_orders_at_risk_are_those_more_likely_late_than_not(follower):
    served = follower.current()
    found = orders_at_risk(served, "south")
    assert found["open_lines"] == int(served.orders_of("south")["is_open"].sum())
    assert all(row["late_probability"] > 0.5 or row["never_probability"] > 0.5 for row in found["lines"])
    assert found["at_risk"] <= found["open_lines"]


def test_what_was_approved_stands_on_the_agenda_of_the_next_review(follower, brief):
    assert brief["agreed"] == []
    today = business_day(follower.current().run)
    where = RecommendationFilter("open", supplier_id="south")
    action = list_recommendations(follower.engine, where, today=today)[0]
    decide(follower.engine, DecisionRequest(action.action_id, "approve", "ada"), today=today)
    again = supplier_brief(follower, "south")
    assert [(row["what"], row["who"]) for row in again["agreed"]] == [(action.title, "ada")]
    assert again["agenda"][0] == "What was agreed before: 1, of them 0 carried out"
    assert f"ada: {action.title} (not carried out yet)" in brief_markdown(again)


def test_markdown_says_all_of_it(brief):
    text = brief_markdown(brief)
    assert text.startswith("# South SA (south)")
    for part in (
        "What we can give",
        "What terms are worth",
        "Performance",
        "What we spend and will need",
        "Agenda",
    ):
        assert f"## {part}\n" in text
    assert all(ask["ask"] in text for ask in brief["asks"])


def test_a_name_is_no_link_and_no_html_in_the_markdown(brief):
    text = brief_markdown(brief | {"name": "<b>South</b> [pay](https://evil.example) `x`"})
    assert text.startswith(r"# \<b>South\</b> \[pay](https://evil.example) \`x\` (south)")


def test_an_unknown_supplier_has_no_brief(follower):
    with pytest.raises(Problem, match="no supplier nobody"):
        supplier_brief(follower, "nobody")

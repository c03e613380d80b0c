"""What to ask for, in order of worth, with a fallback for each, and what to give."""

from types import SimpleNamespace

import pandas as pd
import pytest

from serving.brief.asks import asks, gives, terms_of, unit_of_moq

TERMS = {
    "price": {"term": "price", "unit": "1 % lower", "worth": 100.0, "worth_low": 90.0, "worth_high": 110.0, "level": 9.0},
    "moq": {"term": "moq", "unit": "a tenth lower", "worth": 30.0, "worth_low": 10.0, "worth_high": 50.0, "level": 40.0},
    "payment_days": {
        "term": "payment_days", "unit": "a day later", "worth": 5.0, "worth_low": 4.0, "worth_high": 6.0,
        "level": float("nan"),
    },
    "lead_time": {"term": "lead_time", "unit": "a day shorter", "worth": -3.0, "worth_low": -9.0, "worth_high": 2.0,
                  "level": 20.0},
}  # fmt: skip


def action(kind="lower_moq", worth=250.0, lines=(), **more):
    facts = {"worth_low": 100.0, "worth_high": 400.0, "lines": list(lines)}
    given = {"kind": kind, "worth": worth, "facts": facts, "title": f"Ask for {kind}", "evidence": "because",
             "action_id": kind, "alternative_to": "", "worth_period": "year", "status": "open", "proposed": True, "held_back": None}  # fmt: skip
    return SimpleNamespace(**given | more)


def test_actions_come_first_then_terms_nobody_asks_about_by_worth():
    found = asks([action(), action("payment_days", worth=40.0)], TERMS, "EUR")
    assert [ask["ask"] for ask in found] == ["Ask for lower_moq", "Ask for payment_days", "Prices 1 % lower"]
    assert [ask["worth"] for ask in found] == [250.0, 40.0, 100.0]
    assert [ask["action_id"] for ask in found] == ["lower_moq", "payment_days", None]


def test_without_actions_terms_are_asked_for_the_most_valuable_first_and_none_that_costs():
    found = asks([], TERMS, "EUR")
    assert [ask["ask"] for ask in found] == ["Prices 1 % lower", "Payment a week later", "MOQs a tenth lower"]
    assert found[1]["worth"] == pytest.approx(35.0)
    assert "paid with the order" in found[1]["evidence"]


def test_an_ask_is_worth_so_much_of_the_price():
    (ask,) = asks([action()], {"price": TERMS["price"]}, "EUR")[:1]
    assert ask["price_rise"] == pytest.approx(0.025)
    assert asks([action()], {}, "EUR")[0]["price_rise"] is None


def test_the_fallback_is_the_best_line_else_a_step_of_the_term_else_half_the_way():
    lines = [{"says": "beef from 24 to 18", "worth": 60.0}, {"says": "milk from 9 to 6", "worth": 10.0}]
    assert (
        asks([action(lines=lines)], TERMS, "EUR")[0]["fallback"]
        == "At least beef from 24 to 18: 60 EUR a year."
    )
    assert asks([action()], TERMS, "EUR")[0]["fallback"] == "MOQs a tenth lower: 30 EUR a year."
    assert asks([action("payment_days", lines=lines)], TERMS, "EUR")[0]["fallback"] == (
        "Payment a week later: 35 EUR a year."
    )
    assert asks([action("vmi", lines=lines)], TERMS, "EUR")[0]["fallback"].startswith("Half the way")


@pytest.mark.parametrize(
    "more",
    [
        {"status": "approved"},
        {"proposed": False},
        {"alternative_to": "x"},
        {"held_back": "refused three times"},
        {"worth_period": "once"},
        {"kind": "switch_vendor"},
    ],
)
def test_what_is_decided_gone_excluded_or_not_a_talk_is_not_asked_for(more):
    assert all(ask["action_id"] is None for ask in asks([action(**more)], TERMS, "EUR"))


def test_what_we_give_is_priced_by_the_first_ask():
    found = gives(TERMS, 0.06, asks([action()], TERMS, "EUR"), "EUR")
    assert found[1].startswith("More volume: 6%")
    assert "costs us 35 EUR a year" in found[2]
    assert "prices 2.5% higher, or payment 50 days sooner" in found[3]
    assert len(gives({}, -0.1, [], "EUR")) == 1


def test_a_unit_of_moq_is_worth_a_tenth_of_it_by_its_units_the_dearest_first():
    rows = [
        ("s", "", 9.0, 100.0),
        ("s", "a", 8.0, 40.0),
        ("s", "b", 6.0, 10.0),
        ("s", "c", -1.0, 10.0),
        ("t", "d", 9.0, 9.0),
    ]
    table = pd.DataFrame(rows, columns=["supplier_id", "unique_id", "worth", "level"]).assign(
        term="moq", worth_low=1.0, worth_high=20.0
    )
    found = unit_of_moq(table, "s")
    assert [(row["unique_id"], row["worth"]) for row in found] == [
        ("b", pytest.approx(6.0)),
        ("a", pytest.approx(2.0)),
    ]
    assert (found[0]["low"], found[0]["high"]) == (pytest.approx(1.0), pytest.approx(20.0))


def test_terms_are_the_suppliers_own_rows():
    table = pd.DataFrame(
        [{"supplier_id": name, "unique_id": sku, "term": "price", "worth": worth}
         for name, sku, worth in (("s", "", 1.0), ("s", "a", 2.0), ("t", "", 3.0))]
    )  # fmt: skip
    assert terms_of(table, "s")["price"]["worth"] == 1.0

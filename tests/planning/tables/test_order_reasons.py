import json

import numpy as np
import pytest

from planning.orders.joint_orders import FILLS, JOINS, NEEDED, RAISED, TRIMMED
from planning.tables.order_reasons import _Line, _line_reason, _Order, _order_reason

LINE = _Line(NEEDED, 10.0, 10.0, 10.0, 0.0, 0.0, 3.0, "", 28.0, "", 90.0, 100.0)
ORDER = _Order(False, False, False, "", 0.0, 120.0, 14.0, 200.0, 0.0, 7.0)


@pytest.mark.parametrize(
    ("changed", "codes", "said"),
    [
        ({}, ["needed"], "Needed by the SKU alone."),
        (
            {"origin": JOINS, "due_in": 12.0, "saved": 4.0, "worth": 2.5},
            ["joins_order"],
            "Due in about 12 days, joins because the order goes anyway: saves 4 EUR of coming orders, costs 1.50 EUR.",
        ),
        (
            {"origin": JOINS, "due_in": 12.0, "saved": 0.0, "worth": 2.5},
            ["joins_order"],
            "Due in about 12 days, joins because the order goes anyway: worth 2.50 EUR more than at the next review.",
        ),
        (
            {"origin": FILLS, "filled_for": "free_freight"},
            ["fills_order"],
            "Not due yet: fills free freight.",
        ),
        (
            {"origin": RAISED, "units": 30.0, "shared": 20.0, "filled_for": "minimum"},
            ["lasts_until_next_order", "fills_order"],
            "Raised from 10: lasts until the supplier's next order, best every 28 days; fills the supplier's minimum.",
        ),
        (
            {"origin": TRIMMED, "units": 6.0, "budget": "2024-06 · tea"},
            ["trimmed_by_budget"],
            "Trimmed from 10: budget 2024-06 · tea.",
        ),
        (
            {"origin": TRIMMED, "units": 6.0},
            ["trimmed_by_terms"],
            "Trimmed from 10: saves a further container.",
        ),
    ],
)
def test_a_line_says_why_it_has_its_quantity(changed, codes, said):
    why = json.loads(_line_reason(LINE._replace(**changed), "EUR"))
    assert (why["codes"], why["sentence"]) == (codes, said)


@pytest.mark.parametrize(
    ("changed", "code", "part"),
    [
        ({}, "needed", "What is due, and what joins."),
        (
            {"waits": True},
            "waits_for_minimum",
            "Waits about 7 days: 120 EUR is due, and filling the minimum of 200 EUR",
        ),
        (
            {"waits": True, "out_of_reach": True},
            "minimum_out_of_reach",
            "the minimum of 200 EUR cannot be filled today",
        ),
        (
            {"too_small": True, "minimum_quantity": 9.0},
            "trimmed_by_budget",
            "less than the minimum of 200 EUR and 9 units",
        ),
        (
            {"filled_for": "minimum", "fill_cost": 3.0},
            "fills_order",
            "up to the supplier's minimum, which costs 3 EUR",
        ),
        ({"filled_for": "trimmed"}, "trimmed_by_terms", "saves the freight of a further container"),
    ],
)
def test_an_order_says_why_it_goes_or_waits(changed, code, part):
    why = json.loads(_order_reason(ORDER._replace(**changed), "EUR"))
    assert why["codes"] == [code]
    assert part in why["sentence"]


def test_what_is_not_known_is_null_and_texts_are_as_people_read_them():
    text = _line_reason(LINE._replace(origin=TRIMMED, worth=np.nan, budget="Öl"), "EUR")
    assert json.loads(text)["facts"]["worth"] is None
    assert "Öl" in text

"""How order lines end: cancelled, closed short, drafts, receipts in parts or too many, and lines that never come."""

import json

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, SmallCompany

DAY = pd.Timedelta(days=1)


def line(unique_id: str, age: int, **columns: object) -> dict[str, object]:
    """An order line of 40 placed `age` days before the stock count, not received."""
    ordered_at = COUNTED - age * DAY
    return {
        "order_id": f"new-{unique_id}-{age}",
        "line": "1",
        "supplier_id": "S1",
        "unique_id": unique_id,
        "ordered_at": ordered_at,
        "quantity_ordered": 40,
        "promised_at": ordered_at + 14 * DAY,
        **columns,
    }


def add(company: SmallCompany, *lines: dict[str, object]) -> None:
    """Add order lines to the company's."""
    orders = company.tables["purchase_orders"]
    company.tables["purchase_orders"] = pd.concat([orders, pd.DataFrame(lines)], ignore_index=True)


@pytest.mark.parametrize(
    ("status", "on_order"),
    [
        ("draft", 0), ("sent", 0), ("To Approve", 0), ("proposed", 0),
        ("purchase", 40), ("done", 40), ("To Receive and Bill", 40), ("approved", 40), ("confirmed", 40), ("", 40),
        ("Completed", 0), ("to_bill", 0), ("Closed", 0),
        ("cancel", 0), ("Cancelled", 0), ("canceled", 0),
    ],
)  # fmt: skip
def test_a_status_says_whether_a_line_is_on_order(
    small_company: SmallCompany, status: str, on_order: float
) -> None:
    add(small_company, line("A1", 7, status=status))
    done = small_company.plan()
    assert done.status == 0, done.text
    assert small_company.table().loc["A1", "on_order"] == on_order


def test_an_unknown_status_is_named_with_what_is_known(small_company: SmallCompany) -> None:
    add(small_company, line("A1", 7, status="purchase"), line("A2", 7, status="bogus"))
    text = small_company.check().text
    assert (
        "purchase_orders.csv row 147: status is bogus, expected draft, open, received, closed, cancelled"
        in text
    )
    small_company.plan()
    assert small_company.table().loc[["A1", "A2"], "on_order"].tolist() == [40, 0]


def test_lines_left_out_by_their_status_are_said_with_their_units(small_company: SmallCompany) -> None:
    add(
        small_company,
        line("A1", 7, status="draft"),
        line("A2", 7, status="completed"),
        line("A3", 7, status="cancelled", received_at=COUNTED - DAY, quantity_received=40),
        line("A4", 7, received_at=COUNTED - DAY, quantity_received=55),
    )
    text = small_company.check().text
    assert "are drafts, proposals or requests by their status; their 40 units are not on order" in text
    assert "are received by status or quantity, 40 units, and have no received_at" in text
    assert "are cancelled and have receipts of 40 units" in text
    assert "brought more than was ordered, 15 units in all" in text


def test_a_draft_that_was_received_is_an_order(small_company: SmallCompany) -> None:
    received_at = COUNTED + 2 * DAY
    add(small_company, line("A1", 12, status="draft", received_at=received_at, quantity_received=40))
    small_company.plan()
    assert small_company.table().loc["A1", "on_hand"] == 70


def test_a_line_closed_short_is_not_on_order_and_one_closed_later_still_is(
    small_company: SmallCompany,
) -> None:
    add(
        small_company,
        line("A1", 9, closed_at=COUNTED - DAY, quantity_received=10),
        line("A2", 9, closed_at=COUNTED + DAY),
    )
    small_company.plan("--as-of", f"{COUNTED:%Y-%m-%d}")
    assert small_company.table().loc[["A1", "A2"], "on_order"].tolist() == [0, 40]
    small_company.plan()  # as of the day after, on which it was closed
    assert small_company.table().loc["A2", "on_order"] == 0


def test_receipts_in_parts_are_counted_once_beside_the_quantity_of_the_line(
    small_company: SmallCompany,
) -> None:
    add(
        small_company,
        line("A1", 9, quantity_ordered=10, quantity_received=10, received_at=COUNTED - DAY),
        line("A2", 9, quantity_ordered=10, quantity_received=6),
    )
    small_company.tables["receipts"] = pd.DataFrame(
        {
            "order_id": ["new-A1-9", "new-A1-9", "new-A2-9"],
            "line": "1",
            "received_at": [COUNTED - 3 * DAY, COUNTED - DAY, COUNTED - 3 * DAY],
            "quantity": [6, 4, 6],
        }
    )
    small_company.plan()
    assert small_company.table().loc[["A1", "A2"], "on_order"].tolist() == [0, 4]
    fill_rate = small_company.table("suppliers").set_index("supplier_id").loc["S1", "fill_rate"]
    assert fill_rate == 1


def test_too_much_on_one_line_does_not_make_up_for_another_in_the_fill_rate(
    small_company: SmallCompany,
) -> None:
    received = {"received_at": COUNTED - DAY}
    add(
        small_company,
        line("A1", 9, quantity_received=60, **received),
        line("A2", 9, quantity_received=20, **received),
    )
    small_company.plan()
    found = small_company.table("suppliers").set_index("supplier_id").loc["S1", "fill_rate"]
    lines = len(small_company.tables["purchase_orders"])
    assert found == pytest.approx((lines - 0.5) / lines)


def test_cancelled_lines_say_nothing_of_the_supplier(small_company: SmallCompany) -> None:
    small_company.tables["purchase_orders"]["unit_price"] = 5.0
    small_company.plan()
    before = small_company.table("suppliers").iloc[0]
    add(small_company, *(line(f"A{i}", 60, status="cancelled", unit_price=5.0) for i in range(5)))
    small_company.plan()
    after = small_company.table("suppliers").iloc[0]
    assert after["cancelled_lines"] == 5
    same = ["on_time_rate", "lead_time_mean", "fill_rate", "spend", "open_orders"]
    assert after[same].tolist() == before[same].tolist()


def test_a_supplier_is_on_time_by_receipt_whatever_the_company_takes_to_put_away(
    untrained_company: SmallCompany,
) -> None:
    orders = untrained_company.tables["purchase_orders"]
    untrained_company.tables["purchase_orders"] = orders.assign(
        put_away_at=(orders["received_at"] + 5 * DAY).mask(orders.index == 0)
    )
    untrained_company.config.write_text(
        untrained_company.config.read_text() + "data: {clock: {end: put_away}}\n"
    )
    assert untrained_company.train().status == 0
    untrained_company.plan()
    supplier = untrained_company.table("suppliers").iloc[0]
    assert supplier[["on_time_rate", "lead_time_mean", "late_open_orders"]].tolist() == [1, 19, 0]
    # goods received and not put away are still to come
    assert untrained_company.table().loc["A0", "on_order"] == 40


def test_an_order_open_far_beyond_all_experience_is_hardly_cover(small_company: SmallCompany) -> None:
    small_company.plan()
    alone = small_company.table().loc["A1"]
    add(small_company, line("A1", 400))
    done = small_company.plan()
    assert done.status == 0, done.text
    plan = small_company.table().loc["A1"]
    assert (plan["on_order"], plan["inventory_position"]) == (40, 70)
    assert plan["cover"] < 4
    assert plan["order_quantity"] == pytest.approx(alone["order_quantity"], abs=4)
    assert "chase or close it" in plan["reason"]
    never = small_company.table("open_orders")["never_probability"].iloc[0]
    assert never > 0.9
    projection = small_company.table("projection")
    arrivals = projection[projection["unique_id"] == "A1"]["expected_arrivals"].max()
    assert arrivals == pytest.approx(40 * (1 - never), abs=0.4)
    action = small_company.table("actions").set_index("kind").loc["chase"]
    facts = json.loads(action["facts"])
    assert facts["missing_units"] == pytest.approx(40 * never, abs=0.01)
    assert facts["missing_value"] == pytest.approx(200 * never, abs=0.1)
    assert action["worth"] == pytest.approx(facts["short_units"] * facts["shortage_cost"], abs=0.05)
    assert action["worth"] > 0
    assert action["title"] == "Chase or close order new-A1-400/1 of 40 A1 at S1"
    assert "1 of 1 open lines, 40 units, are open far longer" in small_company.check().text


def test_an_order_within_experience_or_promised_for_later_is_full_cover(small_company: SmallCompany) -> None:
    add(small_company, line("A1", 10), line("A2", 300, promised_at=COUNTED + 3 * DAY))
    small_company.plan()
    assert small_company.table("open_orders")["never_probability"].tolist() == [0, 0]
    assert small_company.table().loc[["A1", "A2"], "cover"].tolist() == pytest.approx([40, 40], abs=0.01)
    assert "chase" not in set(small_company.table("actions")["kind"])


def test_the_longer_an_order_is_overdue_the_less_it_counts(small_company: SmallCompany) -> None:
    ages = [25, 45, 90, 180, 400]
    add(small_company, *(line(f"A{i}", age) for i, age in enumerate(ages)))
    small_company.plan()
    never = small_company.table("open_orders").set_index("unique_id")["never_probability"].sort_index()
    assert (np.diff(never) > 0).all()
    assert never.iloc[0] < 0.2
    assert (np.diff(small_company.table()["cover"].iloc[:5]) < 0).all()


def test_with_lost_sales_a_forgotten_order_is_hardly_cover_either(small_company: SmallCompany) -> None:
    small_company.config.write_text(
        small_company.config.read_text().replace("policy: {", "policy: {lost_sales: true, ")
    )
    small_company.plan()
    alone = small_company.table().loc["A1", "order_quantity"]
    add(small_company, line("A1", 400), line("A2", 10))
    small_company.plan()
    plan = small_company.table()
    assert plan.loc["A1", "order_quantity"] == pytest.approx(alone, abs=4)
    assert plan.loc["A2", "order_quantity"] < 25


def test_what_was_cancelled_and_forgotten_is_learned_and_leaves_lead_times_alone(
    untrained_company: SmallCompany,
) -> None:
    company = untrained_company
    cancelled = [line(f"A{i}", 60 + i, status="cancelled", closed_at=COUNTED - 3 * DAY) for i in range(6)]
    short = [
        line(f"A{i}", 200, status="closed", quantity_received=10, received_at=COUNTED - 186 * DAY)
        for i in range(4)
    ]
    add(company, *cancelled, *short, line("A0", 400), line("A1", 10))
    done = company.train()
    assert done.status == 0, done.text
    company.plan()
    lead_time = company.table("lead_time").set_index("unique_id")
    assert lead_time["q0.95"].max() == pytest.approx(14, abs=0.5)
    orders = company.table("open_orders").set_index("unique_id")
    share = (6 + 4 * 0.75 + 1) / (144 + 6 + 4 + 1)  # before weights and shrinkage
    assert orders.loc["A1", "never_probability"] == pytest.approx(share, rel=0.5)
    assert orders.loc["A0", "never_probability"] > 0.97
    assert company.table().loc["A1", "cover"] == pytest.approx(
        40 * (1 - orders.loc["A1", "never_probability"])
    )


def test_whoever_was_ordered_from_in_vain_is_not_the_usual_supplier(small_company: SmallCompany) -> None:
    offers = small_company.tables["offers"]
    small_company.tables["offers"] = offers[~offers["unique_id"].isin(["A1", "A2"])]
    in_vain = {"supplier_id": "S2", "status": "cancelled", "closed_at": COUNTED - DAY}
    add(small_company, line("A1", 7, **in_vain), line("A2", 7, supplier_id="S2"))
    small_company.plan()
    assert small_company.table().loc[["A1", "A2"], "supplier_id"].tolist() == ["S1", "S2"]

"""`GET /v1/ledger`, own numbers and categories in `POST /v1/decisions`, and what is held back."""

import pandas as pd
import pytest
from clients import person_client

from database.action_ledger.bookings import record_bookings
from database.action_ledger.promises import standing_promises
from database.engine import write_transaction
from planning.realised.action_states import ActionState
from planning.realised.agreed_terms import OFFER_NUMBERS, numbers_of
from planning.realised.book_actions import Booking
from serving.state.business_day import business_day


@pytest.fixture
def client(follower):
    return person_client(follower)


def with_offer_numbers(client) -> dict:
    """An action whose agreement may state terms of an offer."""
    rows = client.get("/v1/recommendations").json()["recommendations"]
    return next(row for row in rows if numbers_of(row["kind"]) == OFFER_NUMBERS)


def names(client, query=""):
    return [row["action_id"] for row in client.get(f"/v1/recommendations?{query}").json()["recommendations"]]


def test_an_approval_with_own_numbers_stands_in_the_ledger(client, follower):
    action = with_offer_numbers(client)
    body = {
        "action_id": action["action_id"],
        "verdict": "approve",
        "who": "ada",
        "agreed": {"unit_price": 7.9},
    }
    answer = client.post("/v1/decisions", json=body)
    assert (answer.status_code, answer.json()["agreed"]) == (201, {"unit_price": 7.9})
    run = follower.current().run
    (promise,) = standing_promises(follower.engine, today=business_day(run))
    day = pd.Timestamp(business_day(run))
    booking = Booking(
        promise,
        ActionState("in_effect", day, day, None, day),
        *(100.0, 60.0, 140.0, 80.5, 61.0, 99.0),
        measured_from=day,
        measured_until=day,
    )
    with write_transaction(follower.engine) as connection:
        record_bookings(connection, run.id, [booking])
    found = client.get(f"/v1/ledger?kind={action['kind']}&by=supplier").json()
    (entry,) = found["ledger"]
    assert (entry["state"], entry["realised"], entry["agreed"]) == ("in_effect", 80.5, {"unit_price": 7.9})
    assert entry["in_effect_on"] == str(day.date())
    assert found["total"]["realised_money"] == 80.5
    assert found["total"]["share"] == pytest.approx(0.805)
    assert [row["group"] for row in found["totals"]] == [promise.supplier_id]
    assert client.get("/v1/ledger?state=lapsed").json()["ledger"] == []


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("state=gone", "state: 'gone' is not known"),
        ("by=mood", "by: 'mood' is none of"),
        ("x=1", "x: no such parameter"),
    ],
)
def test_a_ledger_that_there_is_not_is_a_problem(client, query, why):
    answer = client.get(f"/v1/ledger?{query}")
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"agreed": {"price": 1}}, "agreed.price: of an action"),
        ({"agreed": {"unit_price": "cheap"}}, "agreed.unit_price: 'cheap' is no number"),
        ({"agreed": [1]}, "agreed: [1] is not an object of numbers"),
        ({"verdict": "reject", "reason": "no", "category": "mood"}, "category: 'mood' is none of"),
    ],
)
def test_own_numbers_and_categories_that_there_are_not_are_refused(client, more, why):
    name = with_offer_numbers(client)["action_id"]
    answer = client.post("/v1/decisions", json={"action_id": name, "verdict": "approve", "who": "ada"} | more)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_a_rejection_without_a_category_is_for_another_reason(client):
    name = names(client)[0]
    body = {"action_id": name, "verdict": "reject", "who": "ada", "reason": "no"}
    assert client.post("/v1/decisions", json=body).json()["category"] == "other"


def test_what_is_held_back_is_listed_only_when_asked_for(client):
    assert client.get("/v1/recommendations").json()["held_back"] == 0
    assert names(client, "held_back=true") == []
    assert client.get("/v1/recommendations?held_back=maybe").status_code == 422

"""The ledger and the loop page, and an action's page with what came of it."""

import io

import pandas as pd
import pytest
from clients import person_client

from database.action_ledger.bookings import record_bookings
from database.action_ledger.promises import standing_promises
from database.decisions import DecisionRequest, decide, decision_history
from database.engine import write_transaction
from database.recommendations import RecommendationFilter, list_recommendations
from planning.realised.action_states import ActionState
from planning.realised.agreed_terms import OFFER_NUMBERS, numbers_of
from planning.realised.book_actions import Booking
from serving.state.business_day import business_day

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


@pytest.fixture
def booked(follower):
    """Three actions approved by two people: one in effect and measured, one that lapsed, one of which nothing shows."""
    run = follower.current().run
    today = business_day(run)
    rows = list_recommendations(follower.engine, RecommendationFilter(status="open"), today=today)
    for row, who in zip(rows[:3], ("ada", "ben", "ada"), strict=True):
        decide(follower.engine, DecisionRequest(row.action_id, "approve", who), today=today)
    first, second, third = standing_promises(follower.engine, today=today)
    day, month = pd.Timestamp(today), pd.Timedelta(days=30)
    told = [
        {"unique_id": first.unique_id, "on": "2024-07-20", "says": "first order at near: PO9 of 100 units"}
    ]
    bookings = [
        Booking(
            first,
            ActionState("in_effect", day, day, None, day + 3 * month, (), told),
            *(100.0, 60.0, 140.0, 80.5, 61.0, 99.0),
            parts={"goods": 90.0, "ordering": -9.5},
            measured_from=day,
            measured_until=day + month,
        ),
        Booking(
            second,
            ActionState("lapsed", day, None, day + month, day + month, (), [], "it came in full"),
            promised=40.0,
            realised=0.0,
            low=0.0,
            high=0.0,
        ),
        Booking(third, ActionState("agreed", day, None, None, day + month), not_measured="not yet"),
    ]
    with write_transaction(follower.engine) as connection:
        record_bookings(connection, run.id, bookings)
    return first, second, third


def test_before_anything_is_approved_the_ledger_says_how_it_fills(client):
    assert "Nothing is booked yet" in client.get("/ledger").text
    page = client.get("/loop").text
    assert "Nobody has decided anything yet" in page
    assert "until 10 actions are measured" in page


def test_the_ledger_adds_up_what_was_promised_and_what_it_brought(client, booked):
    page = client.get("/ledger").text
    assert "80 <span" in page.replace("81 <span", "80 <span")  # realised so far
    assert "first order at near: PO9 of 100 units" in page
    assert "it came in full" in page
    assert page.count('class="tag ledger') == 3
    by_person = client.get("/ledger?by=person").text
    assert "<td>ada</td>" in by_person
    assert "<td>ben</td>" in by_person


@pytest.mark.parametrize(("query", "count"), [("state=lapsed", 1), ("person=ada", 2), ("month=1999-01", 0)])
def test_the_ledger_is_filtered(client, booked, query, count):
    assert client.get(f"/ledger?{query}").text.count('class="tag ledger') == count


def test_a_state_that_there_is_not_is_a_sentence(client, booked):
    answer = client.get("/ledger?state=gone")
    assert answer.status_code == 422
    assert "none of agreed, in_effect, realised, lapsed" in answer.text


def test_the_ledger_is_downloaded_as_it_is_filtered(client, booked):
    answer = client.get("/ledger.csv?state=in_effect")
    rows = pd.read_csv(io.BytesIO(answer.content))
    assert rows[["who", "promised", "realised", "low", "high"]].to_numpy().tolist() == [
        ["ada", 100, 80.5, 61, 99]
    ]
    assert client.get("/ledger.xlsx").headers["content-type"].startswith("application/vnd.openxml")


def test_what_was_promised_is_drawn_beside_what_it_brought(client, booked):
    answer = client.get("/drawings/ledger")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "promised" in answer.text
    assert client.get("/drawings/ledger?state=lapsed").status_code == 404


def test_an_actions_page_says_what_came_of_it(client, booked):
    page = client.get(f"/actions/{booked[0].action_id}").text
    assert "it promised 100 EUR and brought <b>80 EUR</b>" in page.replace("81 EUR", "80 EUR")
    assert "saved by part: goods +90, ordering −10" in page.replace("−9.5", "−10")


def test_the_loop_shows_decisions_and_what_they_brought(client, booked, follower):
    other = list_recommendations(
        follower.engine, RecommendationFilter(status="open"), today=business_day(follower.current().run)
    )
    decide(
        follower.engine,
        DecisionRequest(other[0].action_id, "reject", "ada", "no", category="data"),
        today=business_day(follower.current().run),
    )
    page = client.get("/loop").text
    assert "the data are wrong" in page
    assert "Promised and realised by lever" in page


def test_an_action_is_approved_with_own_numbers_by_its_form(client, follower):
    rows = list_recommendations(
        follower.engine, RecommendationFilter(status="open"), today=business_day(follower.current().run)
    )
    action = next(row for row in rows if numbers_of(row.kind) == OFFER_NUMBERS)
    page = client.get(f"/actions/{action.action_id}").text
    assert 'name="agreed.unit_price"' in page
    form = {"verdict": "approve", "who": "ada", "agreed.unit_price": "7.9", "agreed.moq": "", "next": "/"}
    assert client.post(f"/actions/{action.action_id}", data=form).status_code == 303
    (decision,) = decision_history(follower.engine, action_id=action.action_id)
    assert decision.agreed == {"unit_price": 7.9}
    assert "approve at unit price 7.9" in client.get(f"/actions/{action.action_id}").text
    other = next(row for row in rows if row != action)
    refused = client.post(f"/actions/{other.action_id}", data=form | {"agreed.unit_price": "cheap"})
    assert refused.status_code == 422
    assert "agreed.unit_price" in refused.text


def test_a_rejection_by_its_form_has_a_category(client, follower):
    rows = list_recommendations(
        follower.engine, RecommendationFilter(status="open"), today=business_day(follower.current().run)
    )
    name = rows[0].action_id
    form = {"verdict": "reject", "who": "ada", "reason": "never again", "category": "quality", "next": "/"}
    client.post(f"/actions/{name}", data=form)
    assert "reject: quality or certification" in client.get(f"/actions/{name}").text

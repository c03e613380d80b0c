"""Orders as a whole: approved below a minimum, and several exported in one file."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from order_api import approve, proposal, write

from database.settings import Settings
from jobs.plan import run_plan


@pytest.fixture
def with_minimum(follower, company, home, tmp_path):
    """A plan of the company whose supplier north takes no order below 2,000."""
    source = tmp_path / "source"
    shutil.copytree(company, source)
    path = source / "suppliers.csv"
    table = pd.read_csv(path)
    table.assign(minimum_order_value=table["supplier_id"].map({"north": 2000.0})).to_csv(path, index=False)
    run_plan(Settings(home=home), source=str(source), out=home / "out")
    follower.refresh()


def test_an_order_below_its_suppliers_minimum_is_approved_only_for_a_reason(client, with_minimum):
    seen = proposal(client)
    assert seen["goods"] >= 2000
    first, *others = seen["lines"]
    draft = write(
        client, "edit", supplier_id="north", version=0, plan=seen["plan"],
        changes=[{"unique_id": line["unique_id"], "quantity": 0} for line in others],
    )  # fmt: skip
    assert draft["goods"] == pytest.approx(first["goods"])
    asked = {"order_id": draft["order_id"], "version": 1}
    for more in ({}, {"accept_breach": True}, {"reason": "they agreed"}):
        refused = write(client, "approve", status=422, **asked, **more)
        assert refused["code"] == "term_broken"
        assert [(one["term"], one["may_accept"]) for one in refused["breaches"]] == [("below_minimum", True)]
        assert f"is worth {first['goods']:g} EUR, below its minimum of 2000" in refused["detail"]
    assert client.get(f"/v1/orders/{draft['order_id']}").json()["version"] == 1
    order = write(client, "approve", **asked, reason="they agreed", accept_breach=True)
    assert order["status"] == "approved"
    event = client.get(f"/v1/orders/{order['order_id']}").json()["events"][0]
    assert (event["kind"], event["reason"], event["facts"]["accepted"]) == (
        "approved", "they agreed", [refused["detail"]],
    )  # fmt: skip


def test_a_plans_own_order_is_approved_without_a_word(client, with_minimum):
    assert approve(client)["goods"] >= 2000


def export(client, *order_ids, status=200, form="csv"):
    answer = client.post("/v1/orders/export", json={"order_ids": order_ids, "format": form, "who": "ada"})
    assert answer.status_code == status, answer.text
    return answer


def test_several_orders_are_exported_in_one_file_once_however_many_ask(client):
    orders = [approve(client, supplier) for supplier in ("north", "south", "east")]
    ids = [order["order_id"] for order in orders]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda k: export(client, *(ids if k % 2 else ids[::-1])), range(16)))
    assert len({answer.content for answer in answers}) == 1
    assert sum("x-already-exported" not in answer.headers for answer in answers) == 1
    lines = answers[0].text.splitlines()[1:]
    assert len(lines) == sum(len(order["lines"]) for order in orders)
    assert {line.split(",")[0] for line in lines} == set(ids)
    for order_id in ids:
        shown = client.get(f"/v1/orders/{order_id}").json()
        assert (shown["status"], shown["version"]) == ("exported", 2)
        assert [event["kind"] for event in shown["events"]] == ["exported", "approved", "created"]
        assert shown["events"][0]["facts"]["together_with"] == [
            other for other in sorted(ids) if other != order_id
        ]


def test_orders_are_exported_together_all_or_none(client):
    first, second, third = (approve(client, supplier)["order_id"] for supplier in ("north", "south", "east"))
    export(client, first)
    refused = export(client, first, second, status=409)
    assert f"{first} is exported" in refused.json()["detail"]
    assert "nothing was exported" in refused.json()["detail"]
    assert export(client, second, "PV-2026-999999", status=404)
    assert client.get(f"/v1/orders/{second}").json()["status"] == "approved"
    assert b"inbound_order_line" in export(client, second, third, form="aws.csv").content
    assert export(client, status=422)

"""Actions about a supplier: no link to a SKU that is none, a table of what they change, groups to filter by."""

import json
import re

import pandas as pd
import pytest
from clients import person_client

from database import plan_runs
from database.worklist import kind_counts
from serving.state.business_day import business_day

HTML = {"accept": "text/html"}
LINES = [
    {
        "unique_id": "sku16",
        "description": "Item 16",
        "says": "Item 16 from 40 to 10",
        "worth": 70.25,
        "moq": 40,
    },
    {
        "unique_id": "sku19",
        "description": "Item 19",
        "says": "Item 19 from 12 to 6",
        "worth": 30.0,
        "moq": 12,
    },
]
TALK = {
    "action_id": "a" * 16,
    "kind": "lower_moq",
    "unique_id": "",
    "supplier_id": "south",
    "alternative_supplier_id": None,
    "quantity": float("nan"),
    "worth": 100.25,
    "worth_period": "year",
    "act_by": pd.NaT,
    "title": "Ask South SA to lower MOQs: Item 16 from 40 to 10, and 1 more",
    "evidence": "MOQs make orders of 2 SKUs larger than is best.",
    "facts": json.dumps({"lines": LINES, "worth_low": 50.0}),
    "confidence": "high",
    "effort": 10.0,
    "worth_in_horizon": 100.25,
    "alternative_to": "",
}
CANCEL = TALK | {"action_id": "b" * 16, "kind": "cancel", "unique_id": "sku16", "title": "Cancel it", "worth": 5.0,
                 "worth_period": "once", "facts": "{}"}  # fmt: skip


@pytest.fixture
def client(follower):
    last = plan_runs.latest(follower.engine)
    entry = plan_runs.PlanRunEntry(last.bundle_hash, last.as_of, last.source, last.folder, last.facts)
    with plan_runs.record_plan_run(follower.engine, entry, actions=pd.DataFrame([TALK, CANCEL])):
        pass
    follower.refresh()
    return person_client(follower, headers=HTML)


def test_the_page_of_a_talk_shows_its_lines_with_links_to_their_skus(client):
    html = client.get(f"/actions/{TALK['action_id']}").text
    table = html.partition("SKU by SKU</h2>")[2].partition("</table>")[0]
    assert re.findall(r'href="/skus/(\w+)"', table) == ["sku16", "sku19"]
    assert [text in table for text in ("Item 19 from 12 to 6", "70.25", "40", "what changes")] == [True] * 4
    assert "{'unique_id'" not in html
    assert 'href="/levers#lower_moq"' in html


@pytest.mark.parametrize("path", ["/", "/suppliers/south", "/changes", f"/actions/{TALK['action_id']}"])
def test_nowhere_is_there_a_link_to_a_sku_without_a_name(client, path):
    html = client.get(path).text
    assert 'href="/skus/"' not in html
    if path != "/changes":
        assert "2 SKUs" in html


def test_kinds_are_called_by_their_label_and_filtered_by_group(client):
    html = client.get("/").text
    assert "lower the MOQ" in html
    assert '<option value="lower_moq">lower the MOQ</option>' in html
    terms, orders = (client.get(f"/?group={group}").text for group in ("terms", "open+orders"))
    assert TALK["title"] in terms
    assert "Cancel it" not in terms
    assert "Cancel it" in orders
    assert TALK["title"] not in orders
    assert client.get("/?group=colours").status_code == 404


def test_the_page_of_a_sku_says_in_which_talks_it_is(client):
    html = client.get("/skus/sku16").text
    assert f'href="/actions/{TALK["action_id"]}"' in html
    assert TALK["title"] not in client.get("/skus/sku00").text


def test_what_the_plan_proposes_is_counted_by_kind(client, follower):
    counts = {
        each.kind: each for each in kind_counts(follower.engine, today=business_day(follower.served.run))
    }
    assert (counts["lower_moq"].proposed, counts["lower_moq"].yearly) == (1, 100.25)
    assert (counts["cancel"].proposed, counts["cancel"].once, counts["cancel"].yearly) == (1, 5.0, 0.0)

import io
import re
from urllib.parse import quote

import pandas as pd
import pytest
from clients import person_client

from database.decisions import DecisionRequest, decide, decision_history
from serving.state.business_day import business_day

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


def listed(client, query: str = "") -> list[str]:
    return re.findall(r'id="a-([0-9a-f]+)"', client.get(f"/?{query}").text)


def ticks(client, query: str = "") -> list[str]:
    """What the page's checkboxes send."""
    return re.findall(r'form="bulk" name="action" value="([^"]+)"', client.get(f"/?{query}").text)


def test_what_is_ticked_is_approved_together_and_undone_together(client, follower):
    shown = ticks(client)
    chosen = shown[:3]
    names = [value.partition("|")[0] for value in chosen]
    form = {"action": chosen, "verdict": "approve", "who": "ada", "next": "/?kind="}
    answer = client.post("/actions", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?kind=&done={quote(','.join(names))}")
    page = client.get(answer.headers["location"]).text
    assert "3 <b>approved</b> by ada" in page
    assert set(listed(client, "status=approved")) == set(names)
    assert [row.verdict for row in decision_history(follower.engine)] == ["approve"] * 3
    undo = re.search(
        r'<form method="post" action="/actions"><input[^>]+><input type="hidden" name="next".*?</form>', page
    )[0]
    values = re.findall(r'name="action" value="([^"]+)"', undo)
    client.post("/actions", data={"action": values, "verdict": "reopen", "reason": "undone"})
    assert listed(client, "status=approved") == []
    assert ticks(client)[:3] == [value for value in ticks(client) if value.partition("|")[0] in names]


def test_a_snooze_and_a_rejection_of_several_need_what_single_ones_need(client, follower):
    chosen = ticks(client)[:2]
    for verdict, fields, why in (
        ("reject", {"reason": " "}, "reason: a rejection needs one"),
        ("snooze", {}, "snooze_until: a snooze needs a day"),
    ):
        form = {"action": chosen, "verdict": verdict, "who": "ada", **fields}
        answer = client.post("/actions", data=form)
        assert answer.status_code == 303
        assert f"Nothing was decided.</b> {why}" in client.get(answer.headers["location"]).text
    assert decision_history(follower.engine) == []
    form = {
        "action": chosen,
        "verdict": "snooze",
        "who": "ada",
        "snooze_until": "2024-07-29",
        "reason": "later",
    }
    client.post("/actions", data=form)
    assert len(listed(client, "status=snoozed")) == 2
    rest = {"action": ticks(client)[:1], "verdict": "approve", "who": "ada", "snooze_until": "2024-07-29"}
    client.post("/actions", data=rest)
    assert len(listed(client, "status=approved")) == 1


def test_of_several_none_is_decided_where_somebody_decided_otherwise_meanwhile(client, follower):
    chosen = ticks(client)[:3]
    name = chosen[1].partition("|")[0]
    today = business_day(follower.current().run)
    decide(follower.engine, DecisionRequest(name, "approve", "bob"), today=today)
    form = {"action": chosen, "verdict": "reject", "reason": "no money", "who": "ada"}
    answer = client.post("/actions", data=form)
    page = client.get(answer.headers["location"]).text
    assert "Nothing was decided.</b> bob has decided to approve" in page
    assert [row.who for row in decision_history(follower.engine)] == ["bob"]
    program = client.post("/actions", data=form, headers={"accept": "application/json"})
    assert program.status_code == 409


def test_nothing_ticked_and_other_sites_decide_nothing(client, follower):
    answer = client.post("/actions", data={"verdict": "approve", "who": "ada"})
    assert "No action is ticked" in client.get(answer.headers["location"]).text
    chosen = {"action": ticks(client)[:1], "verdict": "approve", "who": "eve"}
    assert client.post("/actions", data=chosen, headers={"origin": "https://evil.example"}).status_code == 403
    unknown = client.post("/actions", data=chosen | {"action": ["nope|0"]})
    assert "no plan run ever proposed an action nope" in client.get(unknown.headers["location"]).text
    assert decision_history(follower.engine) == []


@pytest.mark.parametrize("query", ["", "status=open&sort=-worth", "sort=act_by&kind=lower_moq", "q=east"])
def test_files_hold_what_the_page_lists_in_its_order(client, query):
    page = client.get(f"/?{query}").text
    csv_link, xlsx_link = (re.search(rf'href="(/actions\.{kind}[^"]*)"', page)[1] for kind in ("csv", "xlsx"))
    for link in (csv_link, xlsx_link):
        answer = client.get(link.replace("&amp;", "&"))
        read = pd.read_csv if "csv" in link else pd.read_excel
        table = read(io.BytesIO(answer.content), dtype={"action_id": str})
        assert table["action_id"].tolist()[:50] == listed(client, query)
    total = re.search(r'aria-current="page">open <span class="count">(\d+)', page)[1]
    assert query or len(table) == int(total)


def test_headers_sort_and_keep_the_filter(client):
    page = client.get("/?kind=lower_moq").text
    sorts = re.search(r'<nav class="sorts".*?</nav>', page, re.DOTALL)[0]
    assert 'href="?kind=lower_moq&amp;sort=act_by"' in sorts
    assert 'href="?kind=lower_moq&amp;sort=gain"' in sorts  # the one it is sorted by: back
    up, down = listed(client, "sort=unique_id"), listed(client, "sort=-unique_id")
    assert up != down
    assert len(up) == len(down)


def test_an_action_is_assigned_and_commented_on_its_page_and_found_by_whose_it_is(client):
    name, other = listed(client)[:2]
    notes = f"/actions/{name}/notes"
    back = {"next": f"/actions/{name}", "who": "ada"}
    assert client.post(notes, data=back | {"kind": "assign", "assignee": "bob"}).status_code == 303
    client.post(notes, data=back | {"kind": "comment", "text": "call <b>them</b>"})
    text = client.get(f"/actions/{name}").text
    assert "assigned to bob" in text
    assert "call &lt;b&gt;them&lt;/b&gt;" in text
    assert listed(client, "assignee=bob") == [name]
    assert other in listed(client)
    assert "assigned to <b>bob</b>" in client.get("/").text
    lacking = client.post(notes, data=back | {"kind": "comment", "text": ""})
    assert (lacking.status_code, "text: a comment needs one" in lacking.text) == (422, True)
    assert client.post(notes, data=back, headers={"origin": "https://evil.example"}).status_code == 403


def test_what_is_approved_can_be_marked_as_carried_out_where_it_is_listed(client):
    name = listed(client)[0]
    client.post(f"/actions/{name}", data={"verdict": "approve", "who": "ada"})
    before = client.get("/?status=approved").text
    assert 'name="kind" value="done"' in before
    assert "carried out</b> by" not in before
    client.post(f"/actions/{name}/notes", data={"kind": "done", "who": "cy", "next": "/?status=approved"})
    after = client.get("/?status=approved").text
    assert "carried out</b> by cy" in after
    assert 'name="kind" value="not_done"' in after


def test_a_page_beyond_the_last_is_the_last(client):
    assert listed(client, "page=99") == listed(client, "page=1") != []


def test_of_very_many_suppliers_one_is_typed(client, monkeypatch):
    assert '<select id="supplier_id"' in client.get("/").text
    monkeypatch.setattr("serving.pages.actions.action_list._MOST_SUPPLIERS", 1)
    assert '<input id="supplier_id"' in client.get("/").text

import io
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from clients import person_client

from configs.access import AccessConfig, ProxyConfig
from database.alerts.exception_list import list_exceptions

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def listed(client, query=""):
    return [int(number) for number in re.findall(r'<tr id="e-(\d+)">', client.get(f"/alerts?{query}").text)]


def test_exceptions_stand_by_severity_and_money(client, follower):
    rows = {row.id: row for row in list_exceptions(follower.engine)}
    shown = [rows[number] for number in listed(client)]
    assert len(shown) == len(rows) > 10
    pressing = [(("urgent", "warning", "info").index(row.severity), -row.money) for row in shown]
    assert pressing == sorted(pressing)
    text = text_of(client, "/alerts")
    assert "sku22 (Item 22) runs out by" in text
    assert "How often each rule speaks" in text


def test_the_list_is_filtered_searched_and_sorted(client, follower):
    rows = {row.id: row for row in list_exceptions(follower.engine)}
    assert {rows[number].kind for number in listed(client, "kind=overdue")} == {"overdue"}
    assert {rows[number].owner for number in listed(client, "owner=planner")} == {"planner"}
    assert {rows[number].severity for number in listed(client, "severity=warning")} == {"warning"}
    assert [rows[number].subject for number in listed(client, "q=SKU22")] == ["sku22"]
    money = [rows[number].money for number in listed(client, "sort=-money")]
    assert money == sorted(money, reverse=True)
    assert listed(client, "state=closed") == []


def test_forms_acknowledge_assign_dismiss_and_reopen_without_a_script(client, follower):
    first = listed(client)[0]
    back = "/alerts?kind=stockout_risk"

    def send(**fields):
        return client.post(f"/alerts/{first}", data={"who": "ada", "next": back, **fields})

    def row():
        return next(row for row in list_exceptions(follower.engine) if row.id == first)

    page = client.get("/alerts").text
    assert f'<form method="post" action="/alerts/{first}">' in page
    answer = send(step="acknowledge", seen="1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{back}&done=acknowledge")
    assert (row().state, row().who) == ("acknowledged", "ada")
    assert send(step="assign", owner="bob").status_code == 303
    assert send(step="dismiss", reason="").status_code == 422
    assert send(step="dismiss", reason="the count was wrong").status_code == 303
    assert (row().state, row().owner, row().reason) == ("dismissed", "bob", "the count was wrong")
    assert "the count was wrong" in text_of(client, "/alerts?state=dismissed")
    assert send(step="reopen", seen="1").status_code == 409
    assert send(step="reopen").status_code == 303
    assert row().state == "open"
    assert send(step="forget").status_code == 422
    assert client.post("/alerts/999999", data={"step": "reopen"}).status_code == 404


def test_the_way_back_leads_to_no_other_site(client):
    answer = client.post(
        f"/alerts/{listed(client)[0]}", data={"step": "acknowledge", "next": "//elsewhere.test"}
    )
    assert answer.headers["location"] == "/alerts?done=acknowledge"


def test_the_navigation_counts_what_is_open_on_every_page(client, follower):
    count = len(list_exceptions(follower.engine))
    for path in ("/skus", "/alerts"):
        page = client.get(path).text
        assert re.search(rf'href="/alerts"[^>]*>Alerts <span class="count">{count}</span>', page)
    client.post(f"/alerts/{listed(client)[0]}", data={"step": "acknowledge"})
    assert f'Alerts <span class="count">{count - 1}</span>' in client.get("/skus").text


def test_files_have_what_the_page_shows(client):
    for kind, read in (("csv", pd.read_csv), ("xlsx", pd.read_excel)):
        page = client.get("/alerts?kind=stockout_risk&sort=money").text
        link = re.search(rf'href="(/alerts\.{kind}[^"]*)"', page)[1].replace("&amp;", "&")
        table = read(io.BytesIO(client.get(link).content))
        assert table["money"].is_monotonic_increasing
        assert set(table["kind"]) == {"stockout_risk"}
        assert {"rule", "subject", "owner", "state", "a_week"} <= set(table)


def test_who_may_only_look_gets_no_forms(follower):
    looking = AccessConfig(proxy=ProxyConfig(addresses=("127.0.0.1",), roles=("viewer",)))
    client = person_client(follower, headers=HTML, config=looking, follow_redirects=False)
    assert 'action="/alerts/' not in client.get("/alerts").text
    assert client.post("/alerts/1", data={"step": "acknowledge"}).status_code == 403
    assert client.get("/calendar.ics").status_code == 200


def test_the_page_runs_nothing_inline(client):
    assert not re.search(r"\sstyle=|<style|\son\w+=|https?://", client.get("/alerts").text)


def test_the_feed_has_what_is_open_the_newest_first(client, follower):
    answer = client.get("/alerts.rss")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    items = ET.fromstring(answer.content).findall("channel/item")
    rows = list_exceptions(follower.engine)
    assert [item.findtext("guid") for item in items] == [f"purvey-exception-{row.id}" for row in rows]
    assert items[0].findtext("link").startswith("http://127.0.0.1:3000/")


def unfolded(text):
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 and "\n" not in line for line in lines)
    whole = []
    for line in lines:
        if line.startswith(" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return whole


def test_the_calendar_has_order_days_and_reviews_under_names_that_stay(client):
    answer = client.get("/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events, event = [], None
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            events.append(event)
        elif event is not None:
            assert name not in event
            event[name] = value
    for each in events:
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"} <= set(each)
    assert len({each["UID"] for each in events}) == len(events) > 3
    said = {(each["DTSTART;VALUE=DATE"], each["SUMMARY"]) for each in events}
    assert ("20240715", "Order from North Ltd: 7 SKUs") in said
    assert ("20240722", "Review of orders") in said
    assert client.get("/calendar.ics").text == answer.text

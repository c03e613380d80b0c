import re

import pytest
from clients import person_client

from database.decisions import decision_history
from database.settings import Settings
from serving.state.follower import Follower

HTML = {"accept": "text/html,*/*"}
TOP = "Cancel order PO16018/1 of"


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


def first_action(client) -> str:
    return re.search(r'href="/actions/([0-9a-f]+)"', client.get("/").text)[1]


def decide(client, action_id, **fields):
    return client.post(f"/actions/{action_id}", data={"next": "/?kind=cancel", **fields})


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", [TOP, "EUR", "once", "act by", "Simulated suppliers.", "Approve"]),
        ("/skus", ["sku00", "Item 0", "order by", "stockout risk"]),
        ("/skus?q=item+16", ["sku16"]),
        ("/skus/sku16", ["Item 16", "PO16018", "reorder point", "order by", "95%", "chance late", TOP]),
        ("/suppliers", ["South SA", "on time", "fill rate", "defects", "expedites"]),
        (
            "/suppliers/south",
            ["South SA", "days, usually", "90% within", "Table of the histogram", "PO16018"],
        ),
        (
            "/model",
            ["promoted by ada", "first model", "weighted quantile loss", "Ledger", "7.3%", "By steps ahead"],
        ),
        ("/monitor", ["has not been compared", "purvey monitor --data DIR"]),
    ],
)
def test_a_page_shows_what_it_is_for(client, path, words):
    answer = client.get(path)
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", "", answer.text)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    "path", ["/", "/skus", "/skus/sku16", "/suppliers", "/suppliers/south", "/model", "/monitor"]
)
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client, path):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|<style|\son\w+=|https?://", answer.text)
    assert all(
        src.startswith("/") for src in re.findall(r'(?:src|href)="([^"#]+)"', answer.text) if src[0] != "?"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/drawings/skus/fan/sku16",
        "/drawings/skus/parts/sku16",
        "/drawings/skus/stock/sku16",
        "/drawings/skus/offers/sku19",
        "/drawings/skus/arrivals/sku16",
        "/drawings/suppliers/lead_time/south",
        "/drawings/suppliers/arrivals/south",
    ],
)
def test_every_chart_is_drawn(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.rstrip().endswith("</svg>")


def test_every_chart_on_a_page_has_a_text_and_a_table(client):
    for path in ("/skus/sku16", "/skus/sku19", "/suppliers/south"):
        html = client.get(path).text
        pictures = re.findall(r'<img class="chart"[^>]*alt="([^"]+)"', html)
        assert len(pictures) >= 2
        assert html.count("<table") >= len(pictures)
        assert all("table" in text for text in pictures)


def test_an_approval_returns_to_the_list_and_is_kept_with_who_and_when(client, follower):
    action = first_action(client)
    answer = decide(client, action, verdict="approve", who="Ada Lovelace")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?kind=cancel&done={action}")
    assert "Approved</b> by Ada Lovelace" in client.get(answer.headers["location"]).text
    approved = client.get("/?status=approved").text
    assert TOP in approved
    assert "Ada Lovelace" in approved
    assert TOP not in client.get("/").text
    assert [(row.verdict, row.who) for row in decision_history(follower.engine)] == [
        ("approve", "Ada Lovelace")
    ]


def test_any_letter_of_a_name_is_kept(client, follower):
    decide(client, first_action(client), verdict="approve", who="Zoë O’Brien")
    assert decision_history(follower.engine)[0].who == "Zoë O’Brien"
    assert "Zoë O’Brien" in client.get("/?status=approved").text


def test_the_name_of_somebody_else_decides_nothing(client, follower):
    headers = {"x-forwarded-user": "ada@example.com"}
    form = {"verdict": "approve", "who": "eve"}
    refused = client.post(f"/actions/{first_action(client)}", data=form, headers=headers)
    assert refused.status_code == 403
    assert "this request is ada@example.com" in refused.text
    client.post(f"/actions/{first_action(client)}", data={"verdict": "approve"}, headers=headers)
    assert [row.who for row in decision_history(follower.engine)] == ["ada@example.com"]


def test_a_rejection_without_a_reason_is_explained_on_the_actions_page(client, follower):
    answer = decide(client, first_action(client), verdict="reject", who="ada", reason=" ")
    assert answer.status_code == 422
    assert "reason: a rejection needs one" in answer.text
    assert TOP in answer.text
    assert decision_history(follower.engine) == []


def test_a_rejection_shows_its_reason_and_can_be_undone(client):
    action = first_action(client)
    decide(client, action, verdict="reject", who="ada", reason="customs are closed")
    assert "customs are closed" in client.get("/?status=rejected").text
    decide(client, action, verdict="reopen", reason="undone")
    assert TOP in client.get("/").text


def test_a_snooze_lasts_until_its_day_on_the_business_calendar(client):
    action = first_action(client)
    past = decide(client, action, verdict="snooze", who="ada", snooze_until="2024-07-15")
    assert past.status_code == 422
    decide(client, action, verdict="snooze", who="ada", snooze_until="2024-07-29")
    assert "until 2024-07-29" in client.get("/?status=snoozed").text
    assert TOP not in client.get("/").text


def test_a_form_from_another_site_decides_nothing(client, follower):
    action = first_action(client)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        answer = client.post(f"/actions/{action}", data={"verdict": "approve", "who": "eve"}, headers=headers)
        assert answer.status_code == 403
    same = {"origin": "http://127.0.0.1:3000", "sec-fetch-site": "same-origin"}
    assert client.post(
        f"/actions/{action}", data={"verdict": "approve", "who": "ada"}, headers=same
    ).is_redirect
    assert [row.who for row in decision_history(follower.engine)] == ["ada"]


def test_a_decision_never_sends_the_visitor_to_another_site(client):
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = client.post(
            f"/actions/{first_action(client)}", data={"verdict": "reopen", "who": "ada", "next": target}
        )
        assert answer.headers["location"].startswith("/?done=")


def test_the_script_gets_the_decision_as_json(client):
    answer = client.post(
        f"/actions/{first_action(client)}",
        data={"verdict": "approve", "who": "ada"},
        headers={"accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["verdict"]) == (201, "approve")


def test_the_list_can_be_narrowed_and_ordered(client):
    def titles(query: str) -> list[str]:
        return re.findall(r'<h3><a href="[^"]+">([^<]+)', client.get(f"/?{query}").text)

    everything = titles("")
    assert all("MOQ" in title for title in titles("kind=lower_moq"))
    assert 0 < len(titles("kind=lower_moq")) < len(everything)
    assert all("East GmbH" in title for title in titles("supplier_id=east&kind=lower_moq"))
    assert titles("q=sku16") == [everything[0]]
    assert sorted(titles("sort=act_by")) == sorted(everything)
    assert titles("sort=act_by") != everything
    assert "Nothing matches" in client.get("/?q=no+such+thing").text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99", "page=" + "9" * 30, "sort=x", "kind=x"])
def test_a_query_that_means_nothing_still_gets_a_page(client, query):
    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/skus/nope", "/suppliers/nope", "/actions/nope", "/drawings/skus/fan/nope", "/?status=x", "/nothing"],
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(client, path):
    people, programs = client.get(path), client.get(path, headers={"accept": "*/*"})
    assert people.status_code == programs.status_code == 404
    assert "Back to the worklist" in people.text
    assert programs.headers["content-type"] == "application/problem+json"
    assert programs.json()["status"] == 404


def test_text_from_the_data_cannot_become_markup(client):
    action = first_action(client)
    decide(client, action, verdict="reject", who="<script>alert(1)</script>", reason='"><img src=x>')
    html = client.get("/?status=rejected").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize("path", ["/", "/skus", "/suppliers", "/model", "/monitor"])
def test_before_a_model_the_pages_say_what_to_run(tmp_path, path):
    from database.migrate import upgrade

    upgrade(Settings(home=tmp_path).state_url)
    follower = Follower()
    follower.open(Settings(home=tmp_path))
    html = person_client(follower, dict, headers=HTML).get(path).text
    follower.close()
    assert "purvey train --config FILE --data DIR --promote" in html


@pytest.mark.parametrize(
    ("path", "words"), [("/", "purvey plan"), ("/skus/sku00", "purvey plan"), ("/model", "Ledger")]
)
def test_before_a_plan_the_pages_say_what_to_run(trained_home, path, words):
    follower = Follower()
    follower.open(Settings(home=trained_home))
    answer = person_client(follower, dict, headers=HTML).get(path)
    follower.close()
    assert answer.status_code == 200
    assert words in answer.text


def test_a_bias_is_labelled_with_the_unit_it_has():
    from serving.pages.model import labelled_metrics

    metrics = {"demand.bias": 0.1, "lead_time.new.bias": 0.04, "demand.class.lumpy.bias": 0.2}
    assert labelled_metrics(metrics, "demand") == [("bias, share of demand", 0.1)]
    assert labelled_metrics(metrics, "lead_time.new") == [
        ("bias, days (above zero: expected too long)", 0.04)
    ]


@pytest.mark.parametrize("address", ["//[", "//evil.example", "/\\evil.example", "http://evil.example"])
def test_a_way_back_that_is_not_ours_leads_to_the_worklist(client, address):
    answer = decide(client, first_action(client), verdict="approve", who="ada", next=address)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/")


def test_a_buyer_who_saw_an_open_action_does_not_overturn_the_other_in_silence(client):
    action = first_action(client)
    html = client.get(f"/actions/{action}").text
    assert 'name="seen" value="0"' in html
    decide(client, action, verdict="approve", who="ada", seen="0")
    late = decide(client, action, verdict="reject", who="bob", reason="no room", seen="0")
    assert late.status_code == 409
    assert "ada has decided to approve this in the meantime" in late.text
    assert client.get(f"/v1/recommendations/{action}").json()["status"] == "approved"

import io
import re
from datetime import timedelta

import pandas as pd
import pytest
from clients import person_client

from database.overrides import list_overrides
from database.settings import Settings
from jobs.plan import run_plan

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


@pytest.fixture
def fields(follower):
    """The fields of the form on a SKU's page that doubles its forecast."""
    expires = follower.current().as_of.date() + timedelta(days=30)
    return {
        "kind": "forecast",
        "unique_id": "sku16",
        "factor": "2",
        "units": "",
        "from": "",
        "until": "",
        "reason": "promotion agreed with the customer",
        "expires": str(expires),
        "who": "ada",
        "next": "/skus/sku16#overrides",
    }


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_form_on_the_sku_s_page_sets_an_override_and_comes_back(client, follower, fields):
    page = client.get("/skus/sku16").text
    assert 'name="unique_id" value="sku16"' in page
    answer = client.post("/overrides", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/skus/sku16?done=entered#overrides")
    row = list_overrides(follower.engine)[0]
    assert (row.values["factor"], row.values["author"], row.values["units"]) == (2.0, "ada", None)
    for path in ("/skus/sku16", "/overrides"):
        text = text_of(client, path)
        assert "forecast × 2" in text
        assert "promotion agreed with the customer" in text
        assert "holds from the next plan on" in text
    assert "forecast × 2" not in text_of(client, "/skus/sku00")


def test_the_next_plan_says_what_it_did(client, follower, fields, home, company):
    client.post("/overrides", data=fields)
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    follower.refresh()
    text = text_of(client, "/skus/sku16")
    assert "ada: forecast × 2" in text
    assert "the model alone expects" in text
    assert "in use" in text_of(client, "/overrides")


def test_a_form_that_breaks_a_rule_comes_back_with_what_was_entered(client, follower, fields):
    answer = client.post("/overrides", data=fields | {"reason": "because", "factor": "3"})
    assert answer.status_code == 422
    assert "reason is because, expected at least 10 characters" in answer.text
    assert re.search(r"<details open><summary>Override the forecast", answer.text)
    assert 'name="factor" type="number" step="any" min="0" placeholder="1.5" value="3"' in answer.text
    assert list_overrides(follower.engine) == []


def test_an_override_is_ended_by_its_button_and_stands_among_the_past_ones(client, follower, fields):
    client.post("/overrides", data=fields)
    name = list_overrides(follower.engine)[0].id
    answer = client.post(
        f"/overrides/{name}/end", data={"who": "bob", "reason": "cancelled", "next": "/overrides"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/overrides?done=ended")
    assert "None: the plan uses the model's numbers everywhere" in text_of(client, "/overrides").replace(
        "&#39;", "'"
    )
    past = text_of(client, "/overrides?show=past")
    assert "ended by bob" in past
    assert "cancelled" in past
    assert f"/overrides/{name}/end" not in client.get("/overrides?show=past").text


def test_the_list_is_searched_and_knows_its_tabs(client, fields):
    client.post("/overrides", data=fields)
    assert "forecast × 2" in text_of(client, "/overrides?q=SKU16")
    assert "forecast × 2" not in text_of(client, "/overrides?q=sku15")
    assert client.get("/overrides?show=other").status_code == 404


def test_the_list_is_sorted_by_its_headers_and_its_files_are_the_same(client, fields):
    for sku, factor in (("sku16", "2"), ("sku15", "3"), ("sku17", "4")):
        client.post("/overrides", data=fields | {"unique_id": sku, "factor": factor})

    def listed(query):
        return re.findall(r'<tr><td><a href="/skus/(\w+)">', client.get(f"/overrides?{query}").text)

    assert listed("") == ["sku17", "sku15", "sku16"]
    assert listed("sort=holds_for") == ["sku15", "sku16", "sku17"]
    assert listed("sort=-what") == ["sku17", "sku15", "sku16"]
    page = client.get("/overrides?q=SKU&sort=-holds_for").text
    for kind, read in (("csv", pd.read_csv), ("xlsx", pd.read_excel)):
        link = re.search(rf'href="(/overrides\.{kind}[^"]*)"', page)[1].replace("&amp;", "&")
        table = read(io.BytesIO(client.get(link).content))
        assert table["unique_id"].tolist() == ["sku17", "sku16", "sku15"]
        assert table["factor"].tolist() == [4, 2, 3]
        assert table["author"].tolist() == ["ada"] * 3


def test_other_sites_and_forms_of_no_page_set_nothing(client, follower, fields):
    assert client.post("/overrides", data=fields, headers={"x-form-token": "0" * 64}).status_code == 403
    foreign = client.post("/overrides", data=fields, headers={"origin": "https://elsewhere.test"})
    assert foreign.status_code == 403
    assert client.post("/overrides/1/end", data={"who": "ada"}).status_code == 404
    assert list_overrides(follower.engine) == []


def test_the_page_runs_nothing_inline(client, fields):
    client.post("/overrides", data=fields)
    assert not re.search(r"\sstyle=|<style|\son\w+=|https?://", client.get("/overrides").text)

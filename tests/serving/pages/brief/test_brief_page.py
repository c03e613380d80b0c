"""The brief as a page, JSON and Markdown, and in the API; links lead there."""

import pytest
from clients import person_client

from database.settings import Settings
from serving.api.openapi import with_resources
from serving.state.follower import Follower

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def test_the_page_has_every_part_of_the_brief(client):
    html = client.get("/suppliers/south/brief", headers=HTML).text
    brief = client.get("/suppliers/south/brief.json").json()
    for part in (
        "What we can give",
        "What terms are worth",
        "Who else could deliver",
        "Performance",
        "Agenda",
    ):
        assert part in html
    assert all(ask["ask"].split(" from ")[0] in html for ask in brief["asks"])


def test_the_api_and_the_downloads_say_the_same(client):
    brief = client.get("/suppliers/south/brief.json").json()
    answer = client.get("/v1/suppliers/south/brief").json()
    assert answer.pop("model")
    assert answer == brief
    markdown = client.get("/suppliers/south/brief.md")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert brief["asks"][0]["ask"] in markdown.text


def test_a_supplier_nobody_knows_is_a_problem(client):
    answer = client.get("/v1/suppliers/nobody/brief")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_supplier")


def test_the_page_of_the_supplier_leads_there(client):
    assert 'href="/suppliers/south/brief"' in client.get("/suppliers/south", headers=HTML).text


def test_the_description_has_every_key_of_the_answer(client):
    described = with_resources({"paths": {}})["paths"]["/v1/suppliers/{supplier_id}/brief"]["get"]
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert set(client.get("/v1/suppliers/south/brief").json()) == set(schema)

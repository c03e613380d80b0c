"""The page of levers: every kind by its group, with what the current plan has of it."""

import re

from clients import person_client

from planning.levers.lever_catalog import LEVERS
from serving.pages.levers.lever_texts import LEVER_TEXTS

HTML = {"accept": "text/html"}


def test_every_lever_says_when_it_is_proposed():
    assert [kind for kind in LEVERS if kind not in LEVER_TEXTS] == []


def test_every_lever_stands_in_its_group_and_counts_what_the_plan_proposes(follower):
    client = person_client(follower, headers=HTML)
    html = client.get("/levers").text
    assert sorted(re.findall(r'<tr id="(\w+)"', html)) == sorted(LEVERS)
    rows = client.get("/v1/recommendations?kind=lower_moq&status=open&limit=1000").json()["recommendations"]
    own = [row for row in rows if not row["alternative_to"]]
    row = html.partition('<tr id="lower_moq"')[2].partition("</tr>")[0]
    assert f'<a href="/?kind=lower_moq">{len(own)}</a>' in row
    assert f"{sum(each['worth'] for each in own):,.0f}" in row

"""The page of segments: its views, the matrix that filters the list, and the API that says the same."""

import io

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def table(client, **params):
    return pd.read_csv(io.StringIO(client.get("/segments.csv", params=params).text))


@pytest.mark.parametrize(
    ("view", "title"), [("skus", "Effort by class"), ("suppliers", "treatment"), ("deviations", "Deviations")]
)
def test_every_view_answers(client, view, title):
    page = client.get("/segments", params={"view": view})
    assert page.status_code == 200
    assert title in page.text


def test_a_cell_of_the_matrix_leads_to_its_skus(client):
    every = table(client)
    first = every["segment"][0]
    assert f'href="/segments?segment={first}"' in client.get("/segments").text
    some = table(client, segment=first)
    assert set(some["segment"]) == {first}
    assert len(some) == (every["segment"] == first).sum()


def test_the_api_has_all_rows_in_pages(client):
    every = table(client)
    first = client.get("/v1/segments/skus", params={"limit": 5}).json()
    assert first["total"] == len(every)
    second = client.get("/v1/segments/skus", params={"limit": 5, "cursor": first["next"]}).json()
    ids = [row["unique_id"] for row in (*first["rows"], *second["rows"])]
    assert ids == every["unique_id"].astype(str).tolist()[:10]
    assert client.get("/v1/segments/nonsense").status_code == 404


def test_suppliers_have_one_of_four_segments_with_its_treatment(client):
    rows = client.get("/v1/segments/suppliers").json()["rows"]
    assert rows
    assert {row["segment"] for row in rows} <= {"strategic", "leverage", "bottleneck", "routine"}
    page = client.get("/segments", params={"view": "suppliers"}).text
    assert all(row["supplier_id"] in page for row in rows)


def test_actions_say_whether_they_fit_their_supplier(client):
    rows = client.get("/v1/segments/suppliers").json()["rows"]
    assert rows[0]["segment"]
    listed = client.get("/").text
    from procurement.segments.treatments import fit_of

    segments = {row["supplier_id"]: row["segment"] for row in rows}
    actions = client.get("/v1/recommendations").json()["recommendations"]
    said = [fit_of(a["kind"], segments.get(a["supplier_id"])) for a in actions if a["status"] == "open"]
    assert ("a " in listed and "supplier</a>" in listed) == any(said)

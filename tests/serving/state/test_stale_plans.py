import shutil
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from database import plan_runs
from database.settings import Settings
from jobs.plan import run_plan
from serving.http.stale_header import StaleHeader
from serving.rendering.layout import said_age
from serving.state import follower as module
from serving.state.follower import Follower


@pytest.fixture
def follower():
    follower = Follower()
    yield follower
    follower.close()


@pytest.fixture
def planned_twice(home, company):
    """A home with two plan runs, and their folders, the newest first."""
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    return home, sorted((home / "plans").iterdir(), key=lambda path: -path.stat().st_mtime)


def flip(folder, name="stock.parquet"):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)


def test_a_start_with_a_damaged_plan_serves_the_one_before_and_says_how_old_it_is(
    follower, planned_twice, monkeypatch
):
    home, (newest, _) = planned_twice
    flip(newest)
    follower.open(Settings(home=home))
    run = plan_runs.last_runs(follower.engine, 2)[1]
    monkeypatch.setattr(module, "utc_now", lambda: run.at + timedelta(hours=5))
    assert follower.ready
    assert follower.current().run == run
    stale = follower.readiness()["stale"]
    assert stale["age_seconds"] == 5 * 3600
    assert "stock.parquet: altered" in stale["why"]


def test_where_no_plan_loads_the_champion_is_served_without_one(follower, planned_twice):
    home, folders = planned_twice
    for folder in folders:
        flip(folder)
    follower.open(Settings(home=home))
    assert follower.ready
    assert (follower.current().run, follower.current().snapshot) == (None, None)
    assert follower.stale is not None


def test_a_plan_whose_folder_is_gone_falls_back_too(follower, planned_twice):
    home, (newest, _) = planned_twice
    shutil.rmtree(newest)
    follower.open(Settings(home=home))
    assert follower.current().run.id == 1


def test_what_is_up_to_date_is_not_stale(follower, planned_twice):
    follower.open(Settings(home=planned_twice[0]))
    assert (follower.stale, follower.readiness()["stale"]) == (None, None)


def test_a_plan_that_is_mended_is_served_again(follower, planned_twice, monkeypatch):
    home, (newest, _) = planned_twice
    flip(newest)
    follower.open(Settings(home=home))
    flip(newest)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    follower.refresh()
    assert (follower.current().run.id, follower.stale) == (2, None)


@pytest.mark.parametrize(("age", "header"), [(None, None), (timedelta(minutes=3), "age=180")])
def test_every_answer_says_that_it_is_stale(age, header):
    app = StaleHeader(Starlette(routes=[Route("/", lambda _: PlainTextResponse("x"))]), stale=lambda: age)
    client = TestClient(app)
    assert [client.get(path).headers.get("purvey-stale") for path in ("/", "/nothing")] == [header, header]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=59), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=3), "3 days"),
        (timedelta(minutes=-1), "0 minutes"),
    ],
)
def test_the_age_is_said_as_people_say_it(age, said):
    assert said_age(age) == said

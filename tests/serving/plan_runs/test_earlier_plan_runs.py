import shutil
from datetime import date

import pytest
from clients import person_client

from database import plan_runs
from jobs.plan import run_plan
from serving.api.forecast_answer import forecast_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import ForecastRequest, PlanRequest
from serving.http.problems import Problem
from serving.plan_runs.earlier_served import earlier_served, names_a_run
from serving.plan_runs.named_run import named_run


@pytest.fixture
def first(follower):
    """What was served before the plan of a later day."""
    return follower.current()


@pytest.fixture
def later(follower, company, first):
    """The follower after a plan of a later day."""
    run_plan(
        follower.settings, source=str(company), out=follower.settings.home / "out", as_of=date(2024, 7, 18)
    )
    follower.refresh()
    assert follower.current().run.id == first.run.id + 1
    return follower


def test_a_request_that_names_an_earlier_run_is_answered_as_it_was_then(later, first):
    for request, make in (
        (PlanRequest(unique_ids=["sku03"], plan_run=first.run.id), plan_answer),
        (ForecastRequest(unique_ids=["sku03"], plan_run=first.run.id), forecast_answer),
        (ForecastRequest(unique_ids=["sku03"], as_of=date(2024, 7, 16)), forecast_answer),
    ):
        served = earlier_served(later, request)
        assert names_a_run(request)
        assert make(served, request)["as_of"] == "2024-07-15"
    request = PlanRequest(unique_ids=["sku03"])
    then, now = (
        plan_answer(served, request)["plan"]
        for served in (
            earlier_served(later, PlanRequest(unique_ids=["sku03"], plan_run=first.run.id)),
            later.current(),
        )
    )
    assert then == plan_answer(first, request)["plan"]
    assert then != now


def test_the_current_run_and_none_are_what_is_served(later):
    run = later.current().run
    assert earlier_served(later, PlanRequest(unique_ids=["sku03"])) is None
    assert earlier_served(later, PlanRequest(unique_ids=["sku03"], plan_run=run.id)) is None
    assert named_run(later, None, date(2030, 1, 1)) is None
    assert not names_a_run(PlanRequest(unique_ids=["sku03"], as_of=date(2024, 7, 16)))


def test_the_last_run_of_a_day_or_before_it_is_meant(later, first):
    assert named_run(later, None, date(2024, 7, 17)).id == first.run.id
    assert named_run(later, None, date(2024, 7, 18)) is None


@pytest.mark.parametrize(
    ("plan_run", "as_of", "status", "words"),
    [
        (99, None, 404, "no plan run 99 is kept; there are: 2 of 2024-07-18, 1 of 2024-07-15"),
        (None, date(2024, 7, 14), 404, "no plan run of 2024-07-14 or before is kept; there are: 2 of"),
        (1, date(2024, 7, 15), 422, "leave one of the two out"),
    ],
)
def test_a_run_that_is_not_kept_is_a_problem_with_those_that_are(later, plan_run, as_of, status, words):
    with pytest.raises(Problem) as raised:
        named_run(later, plan_run, as_of)
    assert (raised.value.status, words in raised.value.detail) == (status, True)


def test_a_run_whose_files_are_gone_is_not_kept(later, first):
    shutil.rmtree(later.settings.plans / first.run.folder)
    with pytest.raises(Problem, match="no plan run 1 is kept"):
        named_run(later, first.run.id, None)


def test_recommendations_of_an_earlier_run_are_those_it_listed(follower, company, first):
    client = person_client(follower)
    before = client.get("/v1/recommendations").json()
    action = before["recommendations"][0]["action_id"]
    client.post("/v1/decisions", json={"action_id": action, "verdict": "approve"})
    run_plan(
        follower.settings, source=str(company), out=follower.settings.home / "out", as_of=date(2024, 7, 18)
    )
    follower.refresh()
    for query in (f"plan_run={first.run.id}", "as_of=2024-07-15"):
        then = client.get(f"/v1/recommendations?{query}").json()
        assert [row["action_id"] for row in then["recommendations"]] == [
            row["action_id"] for row in before["recommendations"]
        ]
        assert then["recommendations"][0]["facts"] == before["recommendations"][0]["facts"]
        assert (then["plan"], then["as_of"]) == (first.run.id, "2024-07-15")
    kind = before["recommendations"][0]["kind"]
    narrowed = client.get(f"/v1/recommendations?plan_run={first.run.id}&kind={kind}").json()[
        "recommendations"
    ]
    assert [row["action_id"] for row in narrowed] == [
        row["action_id"] for row in before["recommendations"] if row["kind"] == kind
    ]
    for query in ("status=open", "assignee=ada"):
        assert client.get(f"/v1/recommendations?plan_run={first.run.id}&{query}").status_code == 422
    assert client.get("/v1/recommendations?plan_run=x").status_code == 422
    assert client.get("/v1/recommendations?as_of=yesterday").status_code == 422
    assert client.get(f"/v1/recommendations?plan_run={plan_runs.latest(follower.engine).id}").json()["total"]

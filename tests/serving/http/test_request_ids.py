import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from configs.logs.request_id import request_id
from serving.http.problems import Problem
from serving.http.request_ids import RequestIds


def answer(_: Request) -> Response:  # in a thread, as the resources are
    logging.getLogger("purvey.test").warning("in %s", request_id.get())
    return JSONResponse({"asked": request_id.get()})


async def fail(_: Request) -> Response:
    return Problem(422, "no", "no such thing").response()


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/answer", answer), Route("/fail", fail)])
    return TestClient(RequestIds(app))


def test_the_callers_id_goes_through_answer_problem_and_log(client, caplog):
    sent = {"X-Request-ID": "order-run-7"}
    answered = client.get("/answer", headers=sent)
    assert answered.json() == {"asked": "order-run-7"}
    assert answered.headers["x-request-id"] == "order-run-7"
    assert "in order-run-7" in caplog.text
    failed = client.get("/fail", headers=sent)
    assert failed.json()["request_id"] == failed.headers["x-request-id"] == "order-run-7"


def test_requests_without_one_get_one_each(client):
    ids = {client.get("/answer").json()["asked"] for _ in range(3)}
    assert len(ids) == 3
    assert request_id.get() == ""


def test_an_id_that_could_break_the_log_is_replaced(client):
    answered = client.get("/answer", headers={"X-Request-ID": "a b" * 100})
    assert answered.headers["x-request-id"] == answered.json()["asked"] != "a b" * 100

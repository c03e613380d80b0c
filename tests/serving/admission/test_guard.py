import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from serving.admission import guard
from serving.admission.guard import MAX_BODY, Guard
from serving.admission.work_queue import Overloaded, WorkQueue

READY = {"ready": True, "trouble": ""}


async def echo(request):
    return JSONResponse({"size": len(await request.body())})


async def explode(_):
    raise RuntimeError("secret detail")


async def dawdle(_):
    await asyncio.sleep(5)


def client(facts=READY, **more) -> TestClient:
    routes = [
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/explode", explode),
        Route("/dawdle", dawdle),
        Route("/page", lambda _: HTMLResponse("<p>sorry</p>", 422)),
        Route("/list", lambda _: JSONResponse([{"error": "not for you"}], 415)),
        Route("/text", lambda _: PlainTextResponse("no", 503)),
        Route("/livez", lambda _: PlainTextResponse("\n")),
    ]
    return TestClient(Guard(Starlette(routes=routes), lambda: facts, **more), raise_server_exceptions=False)


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["code"] == code
    assert {"type", "title", "status", "detail"} <= document.keys()
    return document


def test_a_body_within_the_limit_arrives_whole():
    assert client().post("/echo", content=b"x" * 100_000).json() == {"size": 100_000}


def test_a_body_that_says_it_is_too_large_is_refused_with_the_limit():
    answer = client().post("/echo", content=b"x" * (MAX_BODY + 1))
    assert problem(answer, 413, "body_too_large")["limit"] == MAX_BODY


def test_a_body_that_does_not_say_its_size_is_cut_off_at_the_limit():
    def chunks():
        for _ in range(MAX_BODY // 2**20 + 1):
            yield b"x" * 2**20

    problem(client().post("/echo", content=chunks()), 413, "body_too_large")


def test_pickles_and_other_kinds_of_body_are_refused():
    headers = {"content-type": "application/vnd.bentoml+pickle"}
    document = problem(client().post("/echo", content=b"x", headers=headers), 415, "media_type")
    assert "application/json" in document["detail"]


def test_an_exception_becomes_a_problem_without_its_details():
    assert "secret" not in problem(client().get("/explode"), 500, "internal")["detail"]


def test_an_answer_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(guard, "MAX_SECONDS", 0.05)
    problem(client().get("/dawdle"), 504, "timeout")


def test_what_would_wait_too_long_is_sent_away_with_when_to_come_again():
    class Full(WorkQueue):
        def enter(self, cost, caller):
            raise Overloaded("overloaded", 7)

    busy = client(queue=Full())
    answer = busy.get("/echo")
    problem(answer, 429, "overloaded")
    assert answer.headers["retry-after"] == "7"
    assert busy.get("/livez").status_code == 200
    assert busy.get("/readyz").status_code == 200


def test_a_typed_call_that_would_be_sent_away_is_before_the_framework_reads_it():
    class Full(WorkQueue):
        def check(self, cost, caller):
            assert cost == 115.0
            raise Overloaded("overloaded", 7)

    busy = client(queue=Full(), quick=lambda path, body: PlainTextResponse("known") if body == b"1" else None)
    problem(busy.post("/v1/plan", content=b"2"), 429, "overloaded")
    assert busy.post("/v1/plan", content=b"1").text == "known"


def test_what_is_known_beforehand_is_answered_without_the_framework():
    quick = client(quick=lambda path, body: PlainTextResponse(path + body.decode()) if body == b"1" else None)
    assert quick.post("/v1/plan", content=b"1").text == "/v1/plan1"
    problem(quick.post("/v1/plan", content=b"2"), 404, "no_such_page")
    assert quick.post("/echo", content=b"1").json() == {"size": 1}


def test_two_content_types_are_refused_since_readers_differ_in_which_counts():
    headers = [("content-type", "application/json"), ("content-type", "multipart/form-data")]
    problem(client().post("/echo", content=b"x", headers=headers), 415, "media_type")


def test_a_result_is_sent_as_fast_as_its_caller_reads_and_no_page_so_long(monkeypatch):
    monkeypatch.setattr(guard, "MAX_SECONDS", 0.05)

    async def slow(_):
        await asyncio.sleep(0.3)
        return PlainTextResponse("all")

    routes = [Route("/v1/jobs/7/result", slow), Route("/static/x", slow)]
    server = TestClient(Guard(Starlette(routes=routes), lambda: READY), raise_server_exceptions=False)
    assert server.get("/v1/jobs/7/result").text == "all"
    problem(server.get("/static/x"), 504, "timeout")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/nothing", 404, "no_such_page"), ("/list", 415, "error"), ("/text", 503, "error")],
)
def test_errors_of_others_leave_as_problems(path, status, code):
    problem(client().get(path), status, code)


def test_a_wrong_method_leaves_as_a_problem():
    problem(client().delete("/echo"), 405, "method")


def test_a_page_that_tells_people_what_is_wrong_stays_a_page():
    assert client().get("/page").text == "<p>sorry</p>"


def test_readiness_says_what_is_served_or_why_nothing_is():
    assert client().get("/readyz").json() == READY
    unready = client({"ready": False, "trouble": "run `purvey train`"}).get("/readyz")
    assert "purvey train" in problem(unready, 503, "not_ready")["detail"]


def test_callers_who_never_finish_sending_are_given_up_and_lock_nobody_out(monkeypatch):
    monkeypatch.setattr(guard, "MAX_BODY_SECONDS", 0.3)
    sent = []

    async def never():
        await asyncio.sleep(60)

    asked = []

    async def nothing():
        if asked:
            await never()
        asked.append(1)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def answered(message):
        sent.append(message.get("status"))

    def scope(method):
        return {"type": "http", "method": method, "path": "/page", "headers": [], "query_string": b""}

    async def both():
        door = Guard(PlainTextResponse("here"), lambda: READY, queue=WorkQueue(at_once=1))
        late = asyncio.create_task(door(scope("POST"), never, answered))
        await asyncio.sleep(0)
        await door(scope("GET"), nothing, answered)
        await late

    asyncio.run(both())
    assert [status for status in sent if status] == [200, 408]


@pytest.mark.parametrize("known", [{}, {"purvey.person": None}])
def test_what_is_for_everybody_is_answered_though_nobody_is_known(known):
    served = Guard(Starlette(routes=[Route("/static/purvey.css", echo)]), lambda: READY)

    async def with_gate(scope, receive, send):
        await served(scope | known, receive, send)

    assert TestClient(with_gate).get("/static/purvey.css").json() == {"size": 0}

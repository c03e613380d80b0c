import json
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # bentoml's own, at import

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shared_home(planned_home, tmp_path_factory):
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(planned_home, home)
    return home


@pytest.fixture(scope="module")
def client(shared_home, tmp_path_factory):
    """The whole service as its workers run it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PURVEY_HOME", str(shared_home))
        patch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path_factory.mktemp("prometheus")))
        patch.setenv("BENTOML_HOME", str(tmp_path_factory.mktemp("bentoml")))
        from serving.service import Purvey

        local = {"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 50_000)}
        with TestClient(Purvey.to_asgi(), raise_server_exceptions=False, **local) as client:
            yield client


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    return answer.json()


@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*"])
@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz", "/metrics", "/docs.json", "/", "/skus"])
def test_probes_description_and_pages_answer(client, path, accept):
    assert client.get(path, headers={"accept": accept}).status_code == 200


def test_an_address_that_is_not_there_is_a_page_for_people_and_a_problem_for_programs(client):
    people = {"accept": "text/html,*/*"}
    answer = client.get("/nothing", headers=people)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Back to the worklist" in answer.text
    problem(client.get("/nothing"), 404, "no_such_page")
    problem(client.get("/v1/nothing", headers=people), 404, "no_such_page")
    problem(client.get("/v1/plan", headers=people), 405, "method")


def test_the_four_calls_answer_with_model_and_day(client):
    pair = {"unique_id": "sku00", "supplier_id": "north"}
    for path, body in {
        "/v1/forecast": {"unique_ids": ["sku00"]},
        "/v1/lead_time": {"pairs": [pair]},
        "/v1/lead_time_demand": {"pairs": [pair]},
        "/v1/plan": {"unique_ids": ["sku00"]},
    }.items():
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.json()["unanswered"]) == (200, [])
        assert (answer.json()["as_of"], answer.json()["model"]["version"]) == ("2024-07-15", "1")


def test_the_description_shows_flat_bodies_answers_and_problems(client):
    document = client.get("/docs.json").json()
    for path in ("/v1/forecast", "/v1/lead_time", "/v1/lead_time_demand", "/v1/plan", "/v1/decisions"):
        assert "default" in document["paths"][path]["post"]["responses"]
    text = json.dumps(document)
    for name in ("unique_ids", "horizon", "levels", "unanswered", "problem+json"):
        assert name in text


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "words"),
    [
        ("/v1/forecast", b"", 422, "invalid_request", "unique_ids: Field required"),
        ("/v1/forecast", b"{", 422, "invalid_request", "JSON"),
        ("/v1/forecast", b"[]", 422, "invalid_request", ""),
        ("/v1/forecast", b'{"unique_ids": ["nope"]}', 404, "unknown_sku", "nope"),
        ("/v1/forecast", b'{"unique_ids": ["sku00"], "horizon": 99}', 422, "horizon", "trained for 10"),
        ("/v1/forecast", b'{"unique_ids": ["sku00"], "levels": [NaN]}', 422, "invalid_request", "levels"),
        ("/v1/plan", b'{"unique_ids": ["sku00"], "as_of": "1999-01-01"}', 422, "not_plannable", "1999-01-01"),
        ("/v1/plan", b"{}", 422, "invalid_request", "unique_ids"),
        (
            "/v1/plan",
            b'{"unique_ids": ["a", 7]}',
            422,
            "invalid_request",
            "unique_ids.1 is 7: Input should be",
        ),
    ],
)
def test_what_cannot_be_answered_is_one_problem(client, path, body, status, code, words):
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    assert words in problem(answer, status, code)["detail"]


def test_what_a_caller_got_wrong_is_not_in_the_log(client):
    logged: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = logged.append
    logging.getLogger("bentoml").addHandler(handler)
    try:
        assert client.post("/v1/plan", json={}).status_code == 422
    finally:
        logging.getLogger("bentoml").removeHandler(handler)
    assert not [record for record in logged if record.exc_info]


def test_a_million_ids_are_refused_with_the_limit(client):
    answer = client.post("/v1/forecast", json={"unique_ids": [f"sku{i}" for i in range(10**6)]})
    assert problem(answer, 413, "body_too_large")["limit"] < 10**7
    shorter = client.post("/v1/forecast", json={"unique_ids": ["a"] * 10_001})
    assert "10000" in problem(shorter, 422, "invalid_request")["detail"]


def test_a_pickle_is_refused(client):
    answer = client.post("/v1/plan", content=b"x", headers={"content-type": "application/vnd.bentoml+pickle"})
    problem(answer, 415, "media_type")


def test_nothing_at_an_address_and_a_wrong_method_are_problems(client):
    problem(client.get("/v1/nothing"), 404, "no_such_page")
    problem(client.get("/v1/plan"), 405, "method")


def test_a_new_champion_is_served_without_a_restart(client, shared_home, company, maker):
    maker.promote(shared_home, maker.make_bundle(company, shared_home, seed=2), "2")
    deadline = time.monotonic() + 300
    while client.get("/readyz").json()["model"]["version"] != "2" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.post("/v1/forecast", json={"unique_ids": ["sku00"]}).json()["model"]["version"] == "2"
    assert "The champion has changed since this plan was made" in client.get("/").text


def test_workers_report_no_usage_to_bentoml(client):
    from serving.service import Purvey

    assert ("BENTOML_DO_NOT_TRACK", "True") in [(variable.name, variable.value) for variable in Purvey.envs]


def imported(script: str, home: Path, folder: Path) -> set[str]:
    """Modules and packages that a fresh interpreter has imported after a script."""
    script += "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))\n"
    environment = os.environ | {
        "PURVEY_HOME": str(home),
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "BENTOML_HOME": str(folder / "bentoml"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = json.loads(done.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in names} | set(names)


ASKED = """
    assert client.post('/v1/plan', json={'unique_ids': ['sku00']}).status_code == 200
    for path in ('/', '/skus/sku16', '/suppliers/south', '/model'):
        assert client.get(path).status_code == 200, path
"""
TRAINING = {"mlflow", "statsforecast", "mlforecast", "lifelines", "lightgbm", "sklearn"}
DRAWING = {"matplotlib", "xlsxwriter"}


@pytest.mark.parametrize(
    ("asked", "heavy"),
    [("pass", TRAINING | DRAWING | {"scipy.stats"}), (ASKED, TRAINING | DRAWING)],
    ids=["ready", "asked"],
)
def test_workers_import_neither_a_training_library_nor_what_draws(planned_home, tmp_path, asked, heavy):
    script = (
        "from starlette.testclient import TestClient\n"
        "from serving.service import Purvey\n"
        "local = {'base_url': 'http://127.0.0.1', 'client': ('127.0.0.1', 1)}\n"
        f"with TestClient(Purvey.to_asgi(), **local) as client:\n    {asked}\n"
    )
    names = imported(script, planned_home, tmp_path)
    assert {"pandas", "serving.worker"} <= names
    assert sorted(heavy & names) == []


def test_no_timer_of_bentomls_outlives_its_request(client):
    from serving.service import NoTimer, Purvey

    classes = [middleware.cls for middleware in Purvey.to_asgi().user_middleware]
    assert NoTimer in classes
    assert not [each for each in classes if each.__name__ == "TimeoutMiddleware"]


def test_a_server_limits_its_connections_from_the_moment_its_service_is_imported(planned_home, tmp_path):
    """uvicorn looks its protocol up before the worker's application is put together."""
    script = (
        "import uvicorn, uvicorn.config\n"
        "from serving.service import Purvey\n"
        "protocol = uvicorn.config.HTTP_PROTOCOLS[uvicorn.Config('serving.service:Purvey').http]\n"
        "assert uvicorn.importer.import_from_string(protocol).__name__ == 'LimitedConnection', protocol\n"
    )
    assert "serving.worker" not in imported(script, planned_home, tmp_path)


def test_a_supervisor_imports_nothing_that_only_its_workers_need(planned_home, tmp_path):
    names = imported("from serving.service import Purvey\nPurvey.inner", planned_home, tmp_path)
    assert "serving.service" in names
    assert not {"serving.worker", "pandas", "numba", "sqlalchemy", "scipy"} & names


def test_metrics_are_for_those_who_may_ask(client):
    problem(client.get("/metrics", headers={"x-forwarded-for": "6.6.6.6"}), 403, "access_not_configured")
    problem(client.get("/metrics", headers={"host": "rebound.example"}), 421, "unknown_host")
    assert "purvey_requests_total" in client.get("/metrics").text


def test_only_static_files_may_be_kept_by_a_proxy(client):
    for path in ("/skus.csv", "/v1/jobs", "/docs.json", "/metrics", "/skus"):
        assert client.get(path).headers["cache-control"].startswith("private"), path
    assert "private" not in client.get("/static/purvey.css").headers.get("cache-control", "")

"""Jobs from the request to the result: the numbers are the direct call's, whatever the format."""

import io
import json
import os

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clients import person_client

from database.requests.service_jobs import cancel_job, claim_job, find_job
from serving.api.forecast_answer import forecast_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import ForecastRequest, PlanRequest
from serving.http.json_encoding import encode_json
from serving.service_jobs import job_rows
from serving.service_jobs.worker import JobWorker, results_folder


@pytest.fixture
def client(follower):
    return person_client(follower)


@pytest.fixture
def worker(follower):
    return JobWorker(follower)


def done(client, worker, body):
    """Ask for a job, work on it, and return its address and document."""
    asked = client.post("/v1/jobs", json=body)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "queued"
    address = asked.headers["location"]
    assert worker.run_next()
    job = client.get(address).json()
    assert (job["state"], job["reason"]) == ("done", "")
    assert job["done"] == job["total"]
    return address, job


def rows(client, address):
    answer = client.get(f"{address}/result")
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


def plain(document):
    return orjson.loads(encode_json(document))


def test_forecasts_are_those_of_the_direct_call_also_over_several_chunks(
    client, worker, follower, monkeypatch
):
    monkeypatch.setitem(job_rows.CHUNK, "forecast", 7)
    address, job = done(client, worker, {"kind": "forecast", "horizon": 3})
    served = follower.current()
    ids = [str(sku) for sku in served.forecast.unique_ids]
    direct = plain(forecast_answer(served, ForecastRequest(unique_ids=ids, horizon=3)))
    assert rows(client, address) == [row | {"unanswered": None} for row in direct["forecasts"]]
    assert {name: job["answer"][name] for name in ("ds", "levels", "model", "as_of")} == {
        name: direct[name] for name in ("ds", "levels", "model", "as_of")
    }
    assert job["total"] == len(ids)


def test_a_plan_is_that_of_the_direct_call(client, worker, follower, monkeypatch):
    monkeypatch.setitem(job_rows.CHUNK, "plan", 3)
    ids = ["sku09", "sku01", "nope", "sku05", "sku02"]
    address, _ = done(client, worker, {"kind": "plan", "unique_ids": ids})
    found = rows(client, address)
    assert [row["unique_id"] for row in found] == ids
    assert [row["unanswered"] for row in found] == [None, None, "unknown_sku", None, None]
    known = [sku for sku in ids if sku != "nope"]
    direct = {
        row["unique_id"]: row
        for row in plain(plan_answer(follower.current(), PlanRequest(unique_ids=known)))["plan"]
    }
    for row in found:
        if row["unanswered"] is None:
            said = direct[row["unique_id"]]
            assert {name: row[name] for name in row if name != "unanswered"} == said


def test_a_what_if_is_that_of_the_direct_call(client, worker):
    body = {"kind": "what_if", "unique_ids": ["sku01", "sku03"], "change": {"lead_time_days": 5}}
    address, _ = done(client, worker, body)
    found = {row["unique_id"]: row for row in rows(client, address)}
    direct = client.get("/v1/what-if?unique_id=sku03&lead_time_days=5").json()["moved_most"][0]
    assert {name: found["sku03"][name] for name in ("before", "after", "difference")} == {
        name: direct[name] for name in ("before", "after", "difference")
    }
    assert found["sku03"]["difference"]["lead_time"] > 0


def test_every_format_has_the_same_rows(client, worker):
    address, job = done(client, worker, {"kind": "plan", "unique_ids": ["sku00", "nope"]})
    expected = rows(client, address)
    parquet = client.get(f"{address}/result?format=parquet")
    arrow = client.get(f"{address}/result", headers={"accept": "application/vnd.apache.arrow.stream"})
    assert parquet.headers["content-type"] == "application/vnd.apache.parquet"
    for table in (pq.read_table(io.BytesIO(parquet.content)), pa.ipc.open_stream(arrow.content).read_all()):
        assert orjson.loads(orjson.dumps(table.to_pylist())) == expected
        assert orjson.loads(table.schema.metadata[b"purvey"])["plan"] == job["answer"]["plan"]
        assert pa.types.is_date(table.schema.field("as_of").type)
    assert client.get(f"{address}/result?format=csv").status_code == 422
    assert client.get(f"{address}/result", headers={"accept": "image/png"}).status_code == 406
    part = client.get(f"{address}/result", headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)


def test_results_are_nobody_elses_to_read(client, worker, follower):
    address, _ = done(client, worker, {"kind": "forecast", "unique_ids": ["sku00"]})
    for path in results_folder(follower.settings).iterdir():
        assert path.stat().st_mode & 0o077 == 0
    assert client.get(address).status_code == 200


def test_a_job_is_cancelled_between_two_chunks_and_leaves_no_file(client, worker, follower, monkeypatch):
    monkeypatch.setitem(job_rows.CHUNK, "forecast", 4)
    job_id = client.post("/v1/jobs", json={"kind": "forecast"}).json()["job_id"]
    answered = job_rows.forecast_answer
    asked = []

    def cancelled_meanwhile(served, request):
        asked.append(request)
        if len(asked) == 3:  # the first looks whether it can be, the others are chunks
            cancel_job(follower.engine, job_id)
        return answered(served, request)

    monkeypatch.setattr(job_rows, "forecast_answer", cancelled_meanwhile)
    worker.run_next()
    job = client.get(f"/v1/jobs/{job_id}").json()
    assert (job["state"], job["reason"]) == ("cancelled", "cancelled after 8 of 24")
    assert len(asked) == 3
    assert list(results_folder(follower.settings).iterdir()) == []
    missing = client.get(f"/v1/jobs/{job_id}/result")
    assert (missing.status_code, missing.json()["code"]) == (409, "no_result")


def test_a_job_that_waits_is_cancelled_by_delete_and_never_worked_on(client, worker):
    address = client.post("/v1/jobs", json={"kind": "plan"}).headers["location"]
    assert client.delete(address).json()["state"] == "cancelled"
    assert client.delete(address).status_code == 200
    assert not worker.run_next()


def test_a_job_outlives_the_server_and_a_stop_gives_it_back(client, worker, follower, monkeypatch):
    monkeypatch.setitem(job_rows.CHUNK, "forecast", 4)
    job_id = client.post("/v1/jobs", json={"kind": "forecast"}).json()["job_id"]
    worker.stop()  # as when the server ends while it is in work
    worker.run_next()
    found = find_job(follower.engine, job_id)
    assert (found.state, found.starts, found.done) == ("queued", 0, 0)
    assert JobWorker(follower).run_next()
    assert find_job(follower.engine, job_id).state == "done"


def test_a_job_that_fails_says_why(client, worker, follower):
    job_id = client.post("/v1/jobs", json={"kind": "plan", "as_of": "1999-01-01"}).json()["job_id"]
    worker.run_next()
    job = find_job(follower.engine, job_id)
    assert (job.state, "1999-01-01" in job.reason) == ("failed", True)
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 409


def test_an_unexpected_error_fails_the_job_and_not_the_worker(client, worker, follower, monkeypatch, caplog):
    job_id = client.post("/v1/jobs", json={"kind": "forecast"}).json()["job_id"]
    monkeypatch.setattr("serving.service_jobs.worker.result_writer", lambda *_: 1 / 0)
    assert worker.run_next()
    assert find_job(follower.engine, job_id).reason == "an unexpected error; the server's log has it"
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "body"),
        (b"{", "JSON"),
        (b'{"kind": "magic"}', "forecast"),
        (b'{"kind": "forecast", "horizon": 99}', "trained for 10"),
        (b'{"kind": "forecast", "unique_ids": []}', "unique_ids"),
        (b'{"kind": "plan", "stock": []}', "stock"),
        (b'{"kind": "what_if"}', "change"),
        (
            b'{"kind": "what_if", "change": {"magic": 1}}',
            "change.magic: no such field; there are lead_time_days",
        ),
        (b'{"kind": "what_if", "change": {"lead_time_days": "soon"}}', "lead_time_days is 'soon'"),
        (b'{"kind": "what_if", "change": {"demand": "+10%"}, "supplier_id": "nobody"}', "'nobody'"),
    ],
)
def test_what_cannot_be_a_job_is_refused_at_once(client, body, words):
    answer = client.post("/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert words in answer.json()["detail"]
    assert client.get("/v1/jobs").json() == {"jobs": [], "next": None}


def test_jobs_are_their_callers_own(client, worker):
    address, _ = done(client, worker, {"kind": "forecast", "unique_ids": ["sku00"]})
    other = {"x-forwarded-user": "bob"}
    assert client.get("/v1/jobs", headers=other).json()["jobs"] == []
    assert [row["job_id"] for row in client.get("/v1/jobs").json()["jobs"]] == [address.rpartition("/")[2]]


def test_a_sweep_removes_what_is_of_no_job(client, worker, follower):
    address, _ = done(client, worker, {"kind": "forecast", "unique_ids": ["sku00"]})
    folder = results_folder(follower.settings)
    stray, fresh = folder / "old-1.arrow", folder / "new-1.arrow"
    for path in (stray, fresh):
        path.write_bytes(b"x")
    os.utime(stray, (0, 0))
    for path in folder.glob("*-1.*"):
        if path not in (stray, fresh):
            os.utime(path, (0, 0))  # kept, however old
    worker.sweep()
    assert (stray.exists(), fresh.exists()) == (False, True)
    assert client.get(f"{address}/result").status_code == 200


def test_only_one_job_is_worked_on_at_a_time(client, worker, follower):
    for _ in range(2):
        client.post("/v1/jobs", json={"kind": "forecast", "unique_ids": ["sku00"]})
    assert claim_job(follower.engine, "another process") is not None
    assert not worker.run_next()
    assert JobWorker(follower, at_once=2).run_next()


def test_a_job_fails_before_its_result_fills_the_disk(client, worker, monkeypatch):
    monkeypatch.setattr("serving.service_jobs.worker.LEAST_FREE", 2**80)
    address = client.post("/v1/jobs", json={"kind": "forecast"}).headers["location"]
    assert worker.run_next()
    job = client.get(address).json()
    assert job["state"] == "failed"
    assert "of the disk are free" in job["reason"]


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/orders", "/v1/sourcing/compare"])
def test_a_flood_of_unknown_fields_or_of_errors_is_one_sentence(client, path):
    fields = {f"f{n}": 1 for n in range(10_000)}
    flood = client.post(path, json={"kind": "forecast", **fields})
    assert (flood.status_code, "an object in it has 10,001 fields" in flood.json()["detail"]) == (422, True)
    some = dict(list(fields.items())[:2_000])
    wrong = client.post(path, json={"kind": "forecast", **some})
    assert wrong.status_code == 422
    assert "things are wrong with it" in wrong.json()["detail"]
    assert len(wrong.content) < 1_000

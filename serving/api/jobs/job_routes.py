"""The routes of jobs: asked for, looked at, cancelled, and their results."""

import uuid
from typing import Any

import anyio.to_thread
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from database.requests.service_jobs import (
    JobEndedError,
    QueueFullError,
    ServiceJob,
    add_job,
    cancel_job,
    find_job,
    list_jobs,
)
from serving.http.body_fields import check_field_count
from serving.http.framework_errors import validation_problem
from serving.http.idempotency import caller_id
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, whole_page
from serving.http.person import person_in
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters
from serving.service_jobs.job_requests import JOB_REQUEST, ForecastJob, PlanJob, WhatIfJob
from serving.service_jobs.job_rows import job_rows
from serving.service_jobs.result_files import MEDIA_TYPES, result_file
from serving.service_jobs.worker import results_folder
from serving.state.follower import Follower, follower_of

_NAMESPACE = uuid.UUID("6f0c4c9e-6d0b-4a3a-9d6c-2f1f5f1c2d3e")
"""Of the ids of jobs that are asked for with a key: the same key is the same job, whatever happens between."""


async def post_job(request: Request) -> Response:
    """Route `POST /v1/jobs`: 202 with the job, and its address as `Location`."""
    check_parameters(request)
    asked = _asked(await request.body())
    job = await anyio.to_thread.run_sync(_queue, request, asked)
    return json_response(job_document(job), 202, {"Location": f"/v1/jobs/{job.job_id}"})


def _queue(request: Request, asked: ForecastJob | PlanJob | WhatIfJob) -> ServiceJob:
    """Queue a job that can be worked on as things stand."""
    follower = follower_of(request)
    job_rows(follower.current(), asked)
    keyed = request.scope.get("idempotency_key")
    job_id = uuid.uuid4() if keyed is None else uuid.uuid5(_NAMESPACE, f"{keyed.principal}\n{keyed.key}")
    try:
        return add_job(
            follower.engine,
            str(job_id),
            principal=caller_id(request.scope),
            kind=asked.kind,
            request=asked.model_dump(mode="json"),
        )
    except QueueFullError as error:
        raise Problem(429, "queue_full", str(error)) from None


def get_jobs(request: Request) -> Response:
    """Route `GET /v1/jobs`: the caller's own jobs, the newest first."""
    check_parameters(request, *PAGING)
    asked = page_asked(request, 0)
    rows = list_jobs(
        follower_of(request).engine,
        caller_id(request.scope),
        before=asked.after_key(int),
        limit=asked.offset + asked.limit + 1,
    )
    page = whole_page(rows[asked.offset :], asked, lambda job: (job.number,))
    document = {"jobs": [job_document(job) for job in page.rows], "next": page.next}
    return json_response(document, headers=page.headers(request))


def get_job(request: Request) -> Response:
    """Route `GET /v1/jobs/{job_id}`: its state and how far it is."""
    check_parameters(request)
    return json_response(job_document(_own_job(request)))


def delete_job(request: Request) -> Response:
    """Route `DELETE /v1/jobs/{job_id}`: cancelled at once where it waits, after its present chunk where it runs."""
    check_parameters(request)
    job_id = _own_job(request).job_id
    try:
        job = cancel_job(follower_of(request).engine, job_id)
    except JobEndedError as error:
        raise Problem(409, "job_ended", str(error)) from None
    if job is None:
        raise _unknown(job_id)
    return json_response(job_document(job))


def get_result(request: Request) -> Response:
    """Route `GET /v1/jobs/{job_id}/result`: its rows, as `format` or the header Accept says; parts by Range."""
    check_parameters(request, "format")
    kind, job, follower = _format(request), _own_job(request), follower_of(request)
    if job.state != "done" or job.result is None:
        why = f"; it is {job.reason}" if job.state == "cancelled" and job.reason else ""
        said = job.reason if job.state == "failed" else f"job {job.job_id} is {job.state}{why}"
        raise Problem(409, "no_result", f"{said}; a result is there when a job is done", state=job.state)
    path = _file(follower, job.result, kind)
    if path is None:
        raise Problem(
            404, "result_gone", f"the result of job {job.job_id} is no longer kept; ask for it again"
        )
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[kind],
        filename=f"{job.kind}-{job.job_id}.{kind}",
        headers={"Vary": "Accept"},
    )


def job_document(job: ServiceJob) -> dict[str, Any]:
    """Return a job as callers see it."""
    address = f"/v1/jobs/{job.job_id}"
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "state": job.state,
        "reason": job.reason,
        "cancel_requested": job.cancel_requested,
        "done": job.done,
        "total": job.total,
        "answer": job.header,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "kept_until": job.kept_until,
        "result": f"{address}/result" if job.state == "done" else None,
    }


def _asked(body: bytes) -> ForecastJob | PlanJob | WhatIfJob:
    """Read what a job is asked."""
    check_field_count(body)
    try:
        return JOB_REQUEST.validate_json(body or b"null")
    except ValidationError as error:
        raise validation_problem(error, body) from None


def _own_job(request: Request) -> ServiceJob:
    """The job of an address, where it is the caller's own, or an admin's to see."""
    job_id, person = request.path_params["job_id"], person_in(request.scope)
    job = find_job(follower_of(request).engine, job_id) if job_id.isprintable() else None
    own = job is not None and job.principal == caller_id(request.scope)
    if job is None or not (own or (person is not None and "admin" in person.roles)):
        raise _unknown(job_id)
    return job


def _unknown(job_id: str) -> Problem:
    return Problem(
        404, "unknown_job", f"no job {job_id!r:.60} of yours is kept; /v1/jobs lists those that are"
    )


def _file(follower: Follower, name: str, kind: str) -> Any:
    return result_file(results_folder(follower.settings), name, kind)


def _format(request: Request) -> str:
    """The format that is asked for: by the parameter, else by the header Accept, else NDJSON."""
    named = request.query_params.get("format")
    if named is not None:
        if named not in MEDIA_TYPES:
            raise Problem(
                422, "invalid_request", f"format: {named!r:.60} is none of {', '.join(MEDIA_TYPES)}"
            )
        return named
    accepted = [
        part.split(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")
    ]
    for kind, media_type in MEDIA_TYPES.items():
        if media_type in accepted:
            return kind
    if not {"*/*", "application/*"} & set(accepted):
        raise Problem(406, "not_acceptable", f"accept: a result is one of {', '.join(MEDIA_TYPES.values())}")
    return "ndjson"


JOB_RESOURCES = [
    Route("/v1/jobs", get_jobs),
    Route("/v1/jobs", post_job, methods=["POST"]),
    Route("/v1/jobs/{job_id}", get_job),
    Route("/v1/jobs/{job_id}", delete_job, methods=["DELETE"]),
    Route("/v1/jobs/{job_id}/result", get_result),
]

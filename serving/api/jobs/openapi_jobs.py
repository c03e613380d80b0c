"""The OpenAPI description of `/v1/jobs`."""

from typing import Any, get_args

from database.requests.service_jobs import JobState
from serving.api.description.parameters import in_path, paging, query
from serving.api.description.shapes import (
    MAYBE_TEXT,
    NEXT,
    TEXT,
    json_answer,
    json_body,
    list_of,
    named,
    object_of,
    sent_schema,
)
from serving.service_jobs.job_requests import ForecastJob, PlanJob, WhatIfJob
from serving.service_jobs.result_files import MEDIA_TYPES

_MOMENT = {**MAYBE_TEXT, "format": "date-time"}
_JOB = {"title": "Job"} | object_of(
    {
        "job_id": {**TEXT, "format": "uuid"},
        "kind": {"enum": ["forecast", "plan", "what_if"]},
        "state": {"enum": list(get_args(JobState))},
        "reason": {**TEXT, "description": "why it failed, or how far it was when it was cancelled"},
        "cancel_requested": {"type": "boolean"},
        "done": {"type": "integer", "description": "SKUs worked out, of `total`"},
        "total": {"type": ["integer", "null"], "description": "null before it began"},
        "answer": {
            "type": ["object", "null"],
            "description": "what holds for all rows: model, as_of and the like",
        },
        "created_at": {**TEXT, "format": "date-time"},
        "started_at": _MOMENT,
        "ended_at": _MOMENT,
        "kept_until": {**_MOMENT, "description": "then it and its result are deleted"},
        "result": {**MAYBE_TEXT, "description": "address of its result, once it is done"},
    }
)
_RESULT: dict[str, Any] = {
    "description": "A row a SKU, as the direct call answers it; `unanswered` says why a SKU has no answer",
    "headers": {"ETag": {"schema": TEXT}, "Accept-Ranges": {"schema": TEXT}},
    "content": {media_type: {"schema": {}} for media_type in MEDIA_TYPES.values()},
}

_REQUEST = {
    "oneOf": [named(shape.__name__, sent_schema(shape)) for shape in (ForecastJob, PlanJob, WhatIfJob)]
}

JOB_PATHS: dict[str, Any] = {
    "/v1/jobs": {
        "get": {
            "tags": ["jobs"],
            "summary": "Your jobs, the newest first",
            "parameters": paging(),
            "responses": {
                "200": json_answer(named("JobList", object_of({"jobs": list_of(_JOB), "next": NEXT})))
            },
        },
        "post": {
            "tags": ["jobs"],
            "summary": "Ask for forecasts, a plan or a what-if of up to all SKUs, to be fetched when it is done",
            "requestBody": json_body(_REQUEST),
            "responses": {
                "202": {
                    **json_answer(_JOB, "The job, queued"),
                    "headers": {
                        "Location": {"schema": TEXT, "description": "where the job can be looked at"}
                    },
                }
            },
        },
    },
    "/v1/jobs/{job_id}": {
        "get": {
            "tags": ["jobs"],
            "summary": "A job's state and how far it is",
            "parameters": [in_path("job_id")],
            "responses": {"200": json_answer(_JOB)},
        },
        "delete": {
            "tags": ["jobs"],
            "summary": "Cancel a job: at once where it waits, else after its present chunk",
            "parameters": [in_path("job_id")],
            "responses": {"200": json_answer(_JOB, "The job, cancelled or about to be")},
        },
    },
    "/v1/jobs/{job_id}/result": {
        "get": {
            "tags": ["jobs"],
            "summary": "The rows of a job that is done, as NDJSON, Parquet or an Arrow stream",
            "parameters": [
                in_path("job_id"),
                query("format", {"enum": list(MEDIA_TYPES)}, "goes before the header Accept"),
            ],
            "responses": {"200": _RESULT, "206": {**_RESULT, "description": "The part that Range asks for"}},
        }
    },
}

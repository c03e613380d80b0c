"""Errors of BentoML and Starlette turned into problem+json, and kept out of the log where a caller caused them."""

import logging
from typing import Any

import orjson
from pydantic import ValidationError

from serving.http.problems import Problem, from_validation

INTERNAL = Problem(500, "internal", "an unexpected error; the server's log has it")


def translate_error(status: int, body: bytes, request_body: bytes = b"") -> Problem:
    """Turn an error response of BentoML or Starlette into a problem (RFC 9457).

    Parameters
    ----------
    status : its HTTP status
    body : plain text, `{"error": …, "detail": […]}` of a failed validation, or a list holding `{"error": …}`
    request_body : the request's body, whose values a failed validation names
    """
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = {"error": body.decode("utf-8", "replace").strip()}
    if isinstance(document, list):
        document = document[0] if document else {}
    if isinstance(document, dict) and isinstance(document.get("detail"), list) and document["detail"]:
        return from_validation(document["detail"], request_body)
    message = str(document.get("error", "")) if isinstance(document, dict) else ""
    if status == 404:
        return Problem(
            404, "no_such_page", "there is nothing at this address; /docs.json lists what there is"
        )
    if status == 405:
        return Problem(
            405, "method", "this address does not take this method; /docs.json says which it takes"
        )
    return INTERNAL if status == 500 else Problem(status, "error", message or "the request failed")


class QuietValidation(logging.Filter):
    """Log filter that drops failed validations, a caller's mistake: BentoML logs each one with its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log `record`: not when it is a failed validation."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, ValidationError)

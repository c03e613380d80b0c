"""What holds for every operation of the API, added to the descriptions of all resources in one place."""

import re
from copy import deepcopy
from typing import Any

from serving.api.description.links import LINKS
from serving.api.description.shapes import TEXT
from serving.http.idempotency import HEADER, KEY_LENGTH, REPLAYED, STORES_NOTHING
from serving.http.problems import DESCRIBED

INFO = {
    "title": "Purvey",
    "version": "1",
    "summary": "Forecasts, lead times, order proposals and priced sourcing actions",
    "description": "Errors are problem+json (RFC 9457) from every route. docs/api.md tells how to use it.",
}
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "an API key (`purvey keys`), or an OIDC token",
    }
}
_KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {**TEXT, "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[!-~]+$"},
    "description": "sent again with the same key, it has one effect and one answer, for 24 hours",
}
_TAG = {
    "ETag": {
        "schema": TEXT,
        "description": "sent as If-None-Match, it is answered 304 while nothing has moved",
    }
}
_NOT_MODIFIED = {"304": {"description": "What the caller has, as If-None-Match says, is what there is"}}
_REPLAY = {REPLAYED: {"schema": TEXT, "description": "true: the first answer to this key, given again"}}


def completed(paths: dict[str, Any]) -> dict[str, Any]:
    """Complete the operations of all paths with names, problems, tags, keys and links."""
    return {
        path: {verb: _completed(path, verb, deepcopy(operation)) for verb, operation in operations.items()}
        for path, operations in paths.items()
    }


def _completed(path: str, verb: str, operation: dict[str, Any]) -> dict[str, Any]:
    operation.setdefault("operationId", _name(path, verb))
    responses: dict[str, Any] = operation["responses"]
    operation["parameters"] = [_strict(each) for each in operation.get("parameters", [])]
    if verb == "get" and not path.startswith("/v1/jobs"):
        responses.update(_NOT_MODIFIED)
        responses["200"].setdefault("headers", {}).update(_TAG)
    if verb != "get" and "calls" not in operation.get("tags", []) and path not in STORES_NOTHING:
        operation["parameters"].append(_KEY)
        for status, response in responses.items():
            if status != "default":
                response.setdefault("headers", {}).update(_REPLAY)
    for status, links in LINKS.get(operation["operationId"], {}).items():
        responses[status]["links"] = links
    responses.setdefault("default", DESCRIBED)
    if not operation["parameters"]:
        del operation["parameters"]
    return operation


def with_named_schemas(paths: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the paths with references in place of schemas that have names, and those schemas by name.

    Raises
    ------
    ValueError
        When two different schemas have one name.
    """
    schemas: dict[str, Any] = {}

    def moved(part: Any) -> Any:
        if isinstance(part, list):
            return [moved(each) for each in part]
        if not isinstance(part, dict):
            return part
        inside = {name: moved(value) for name, value in part.items()}
        title = part.get("title")
        if not isinstance(title, str) or "type" not in part:
            return inside
        if schemas.setdefault(title, inside) != inside:
            raise ValueError(f"two schemas are called {title}")
        return {"$ref": f"#/components/schemas/{title}"}

    return {path: moved(operations) for path, operations in paths.items()}, schemas


def _name(path: str, verb: str) -> str:
    """Name of an operation, unique and fit for a generated client: `get_recommendations_action_id`."""
    words = re.sub(r"[^a-z0-9]+", "_", path.removeprefix("/v1/").lower()).strip("_")
    return f"{verb}_{words}"


def _strict(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter of the path is never empty."""
    if parameter["in"] != "path":
        return parameter
    return {**parameter, "schema": {"minLength": 1, **parameter["schema"]}}

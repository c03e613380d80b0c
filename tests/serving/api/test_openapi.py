"""The OpenAPI document: 3.1, whole, of every route; and a client that is generated from it and used."""

import importlib
import json
import subprocess
import sys

import httpx
import pytest
from clients import LOCAL, person_client

from serving.api.description.typed_calls import typed_calls
from serving.api.openapi import with_resources
from serving.api.routes import RESOURCES
from serving.identity.rules import RULES

TYPED = {"paths": {path: {} for path in typed_calls()}}


@pytest.fixture(scope="module")
def document():
    return with_resources(TYPED)


def parts(part):
    """Everything within a document."""
    yield part
    for inside in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(inside)


def operations(document):
    return [(path, verb, call) for path, calls in document["paths"].items() for verb, call in calls.items()]


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(document):
    assert document["openapi"] == "3.1.0"
    references = {part["$ref"] for part in parts(document) if isinstance(part, dict) and "$ref" in part}
    assert len(references) > 20
    for reference in references:
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference


def test_every_route_is_described_with_each_of_its_methods(document):
    described = {(path, verb.upper()) for path, verb, _ in operations(document)}
    routed = {
        (route.path.replace(":path}", "}"), method)
        for route in RESOURCES
        for method in route.methods - {"HEAD"}
    }
    assert described == routed | {(path, "POST") for path in typed_calls()}
    ruled = {
        (path.replace(":path}", "}"), method)
        for path, methods in RULES.items() if path.startswith("/v1/") for method in methods
    }  # fmt: skip
    assert described == ruled


def test_operations_have_names_of_their_own_and_links_lead_to_some(document):
    names = [call["operationId"] for _, _, call in operations(document)]
    assert len(set(names)) == len(names)
    links = [
        link
        for _, _, call in operations(document)
        for response in call["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert len(links) > 15
    by_name = {call["operationId"]: call for _, _, call in operations(document)}
    for link in links:
        taken = {each["name"] for each in by_name[link["operationId"]].get("parameters", [])}
        assert set(link["parameters"]) <= taken, link


def test_parameters_of_a_path_are_those_in_it(document):
    for path, _, call in operations(document):
        named = {each["name"] for each in call.get("parameters", []) if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_what_changes_something_takes_a_key_and_what_is_read_has_a_tag(document):
    for path, verb, call in operations(document):
        names = {each["name"] for each in call.get("parameters", [])}
        asks = path in typed_calls() or path in ("/v1/orders/check", "/v1/sourcing/compare")
        assert ("Idempotency-Key" in names) == (verb != "get" and not asks), (path, verb)
        assert ("304" in call["responses"]) == (verb == "get" and not path.startswith("/v1/jobs")), path


def test_a_generated_client_forecasts_lists_and_decides(document, follower, tmp_path, monkeypatch):
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "config.yaml").write_text("post_hooks: []\n")
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(tmp_path / "openapi.json"),
        "--config", str(tmp_path / "config.yaml"), "--meta", "none", "--output-path", str(tmp_path / "purvey_client"),
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    module = {
        name: importlib.import_module(f"purvey_client.{path}")
        for name, path in (
            ("client", "client"), ("models", "models"), ("forecast", "api.calls.forecast"),
            ("listed", "api.actions.get_recommendations"), ("decide", "api.actions.post_decisions"),
        )
    }  # fmt: skip
    models = module["models"]
    with person_client(follower, lambda: TYPED) as served:
        client = module["client"].Client(base_url=LOCAL).set_httpx_client(served)
        listed = module["listed"].sync(client=client, limit=2)
        assert [row.proposed for row in listed.recommendations] == [True, True]
        assert listed.next_
        asked = models.DecisionRequest(
            action_id=listed.recommendations[0].action_id, verdict=models.DecisionRequestVerdict.APPROVE
        )
        decided = module["decide"].sync(client=client, body=asked, idempotency_key="k1")
        assert (decided.action_id, decided.who) == (asked.action_id, "ada")
    body = models.ForecastRequest(unique_ids=["sku00"], horizon=2).to_dict()
    answered = httpx.Response(200, json=forecast_of(follower, body))
    found = module["forecast"]._parse_response(client=client, response=answered)
    assert [row.unique_id for row in found.forecasts] == ["sku00"]
    assert len(found.forecasts[0].mean) == 2


def forecast_of(follower, body):
    """What the typed call, which BentoML serves, answers to a body."""
    from serving.api.forecast_answer import forecast_answer
    from serving.api.request_schemas import ForecastRequest
    from serving.http.json_encoding import encode_json

    return json.loads(
        encode_json(
            forecast_answer(follower.current(), ForecastRequest.model_validate_json(json.dumps(body)))
        )
    )

"""The Model Context Protocol server, asked by the SDK's own client in this process."""

import anyio
import pytest
from mcp import Client

from database.access.api_keys import add_key, revoke_key
from serving.api.forecast_answer import forecast_answer
from serving.api.lead_time_answers import lead_time_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import ForecastRequest, LeadTimeRequest, PlanRequest
from serving.http.json_encoding import encode_json
from serving.mcp_server.call_limits import CallLimits
from serving.mcp_server.caller_key import BearerKeys, McpKeyError, check_own_key
from serving.mcp_server.server import make_server
from serving.mcp_server.tools import LEVELS, AssistantTools


@pytest.fixture
def ask(follower):
    """Call a tool as an assistant does."""

    def call(tool, limits=None, **arguments):
        server = make_server(AssistantTools(follower, limits or CallLimits()))

        async def once():
            async with Client(server) as client:
                return await client.call_tool(tool, arguments)

        return anyio.run(once)

    return call


def plain(document):
    import orjson

    return orjson.loads(encode_json(document))


def test_all_tools_are_listed_and_say_that_they_change_nothing(follower):
    async def listed():
        async with Client(make_server(AssistantTools(follower, CallLimits()))) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(listed)
    assert {tool.name for tool in tools} == {"forecast", "lead_time", "plan", "worklist", "why"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_the_answers_are_those_of_the_api(ask, follower):
    served = follower.current()
    request = ForecastRequest(unique_ids=["sku03", "nope"], horizon=2, levels=LEVELS)
    forecast = ask("forecast", unique_ids=["sku03", "nope"], horizon=2)
    assert forecast.structured_content == plain(forecast_answer(served, request))
    lead_time = LeadTimeRequest(pairs=[{"supplier_id": "north", "unique_id": "sku03"}], levels=LEVELS)
    found = ask("lead_time", supplier_ids=["north"], unique_id="sku03").structured_content
    assert found == plain(lead_time_answer(served, lead_time))
    found = ask("plan", unique_ids=["sku03"]).structured_content
    assert found == plain(plan_answer(served, PlanRequest(unique_ids=["sku03"])))


def test_the_worklist_and_the_reasons_of_one_of_its_skus(ask):
    actions = ask("worklist", limit=5).structured_content["actions"]
    assert len(actions) == 5
    assert all(action["evidence"] and action["worth"] for action in actions)
    sku = actions[0]["unique_id"]
    found = ask("why", unique_id=sku).structured_content
    assert [row["unique_id"] for row in found["plan"]] == [sku]
    assert actions[0]["action_id"] in {action["action_id"] for action in found["actions"]}
    assert found["demand"]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("forecast", {"unique_ids": ["nope"]}, "no forecast for nope"),
        ("forecast", {"unique_ids": ["sku00"], "horizon": 99}, "trained for 10"),
        ("forecast", {"unique_ids": []}, "unique_ids"),
        ("plan", {"unique_ids": [f"sku{n}" for n in range(51)]}, "50 is the most"),
        ("worklist", {"kind": "bribe"}, "'bribe' is not known; there are switch_vendor"),
        ("worklist", {"supplier_id": "nobody"}, "no supplier 'nobody'"),
        ("worklist", {"limit": 51}, "50 is the most"),
        ("why", {"unique_id": "nope"}, "no forecast for 'nope'"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence_for_the_assistant(ask, tool, arguments, words):
    result = ask(tool, **arguments)
    assert result.is_error
    assert words in result.content[0].text


def test_calls_a_minute_are_limited_and_the_minute_passes():
    now = [100.0]
    limits = CallLimits(calls_a_minute=2, clock=lambda: now[0])
    limits.count()
    now[0] += 30
    limits.count()
    with pytest.raises(Exception, match="2 calls a minute are the most; ask again in 30 s"):
        limits.count()
    now[0] += 30
    limits.count()
    with pytest.raises(Exception, match="ask again in 30 s"):
        limits.count()


def test_a_call_beyond_the_limit_is_an_error_of_the_tool(ask):
    limits = CallLimits(calls_a_minute=1)
    assert not ask("forecast", limits, unique_ids=["sku00"]).is_error
    assert "1 calls a minute" in ask("forecast", limits, unique_ids=["sku00"]).content[0].text


def test_with_access_configured_only_a_key_in_force_opens(follower):
    settings, engine = follower.settings, follower.engine
    check_own_key(settings, engine, {})
    settings.access_file.write_text("hosts: []\n", encoding="utf-8")
    _, key = add_key(engine, "assistant", ["viewer"])
    check_own_key(settings, engine, {"PURVEY_MCP_KEY": key})
    for wrong in ("", "secret", key[:-1] + "?"):
        with pytest.raises(McpKeyError, match=r"PURVEY_MCP_KEY: an API key in force is needed"):
            check_own_key(settings, engine, {"PURVEY_MCP_KEY": wrong})
    revoke_key(engine, "assistant")
    with pytest.raises(McpKeyError):
        check_own_key(settings, engine, {"PURVEY_MCP_KEY": key})


def test_by_http_each_request_needs_a_key(follower):
    from starlette.responses import PlainTextResponse
    from starlette.testclient import TestClient

    _, key = add_key(follower.engine, "assistant", ["viewer"])
    client = TestClient(BearerKeys(PlainTextResponse("let in"), lambda: follower.engine, "own secret"))
    for header, status in (
        (f"Bearer {key}", 200), ("Bearer own secret", 200), ("Bearer other", 401), (key, 401), ("Bearer ", 401),
    ):  # fmt: skip
        assert client.get("/mcp", headers={"authorization": header}).status_code == status, header
    assert client.get("/mcp").headers["www-authenticate"] == 'Bearer realm="purvey"'
    nobody = TestClient(BearerKeys(PlainTextResponse("let in"), lambda: follower.engine, ""))
    assert nobody.get("/mcp", headers={"authorization": "Bearer"}).status_code == 401

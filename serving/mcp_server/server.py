"""The protocol: the tools as an MCP server, on standard input and output or by HTTP at this machine."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import anyio.to_thread
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from configs.errors import PlanningError
from database.settings import Settings
from serving.http.problems import Problem
from serving.mcp_server.call_limits import CallLimits
from serving.mcp_server.caller_key import VARIABLE, BearerKeys, check_own_key
from serving.mcp_server.tools import AssistantTools
from serving.state.follower import Follower

INSTRUCTIONS = (
    "Purvey turns order history into purchase decisions. Quantities are in a SKU's own unit, money in the company's "
    "currency, lead times in days. Nothing can be changed here: decisions are taken on Purvey's pages."
)


def make_server(tools: AssistantTools) -> MCPServer[Any]:
    """Return an MCP server that answers by these tools."""
    server: MCPServer[Any] = MCPServer("purvey", instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in (tools.forecast, tools.lead_time, tools.plan, tools.worklist, tools.why):
        server.add_tool(_said(tool), annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    return server


def _said(tool: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """A tool that works in a thread, and whose problems are sentences that the assistant can read."""

    @wraps(tool)
    async def said(**arguments: Any) -> dict[str, Any]:
        try:
            return await anyio.to_thread.run_sync(lambda: tool(**arguments))
        except Problem as problem:
            raise ToolError(problem.detail) from None
        except PlanningError as error:
            raise ToolError(str(error)) from None

    return said


def run_stdio(settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Answer one assistant on standard input and output until it leaves.

    Raises
    ------
    McpKeyError
        When it has no key and access is configured.
    """
    follower = Follower()
    follower.open(settings)
    try:
        check_own_key(settings, follower.engine, environ)
        make_server(AssistantTools(follower, CallLimits())).run("stdio")
    finally:
        follower.close()


def run_http(settings: Settings, port: int, environ: Mapping[str, str] = os.environ) -> None:
    """Answer assistants by streamable HTTP at `/mcp` on this machine; each sends a key as bearer token."""
    follower = Follower()
    follower.open(settings)
    try:
        server = make_server(AssistantTools(follower, CallLimits()))
        app = BearerKeys(server.streamable_http_app(), lambda: follower.engine, environ.get(VARIABLE, ""))
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
    finally:
        follower.close()

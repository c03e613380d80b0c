"""`purvey mcp`: the answers of the API for an assistant, by the Model Context Protocol."""

from typing import Annotated

import typer

from configs.errors import DomainError


class MissingExtraError(DomainError):
    """A verb whose optional packages are not installed."""


def mcp(
    http: Annotated[
        int | None,
        typer.Option(help="Port of this machine to answer at by HTTP; none: standard input and output."),
    ] = None,
) -> None:
    """Answer an assistant by the Model Context Protocol: forecasts, lead times, plans, the worklist, and why.

    Nothing can be changed by it. Where access is configured, PURVEY_MCP_KEY holds an API key with the role viewer.
    """
    from database.settings import Settings

    try:
        from serving.mcp_server.server import run_http, run_stdio
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types"}:
            raise
        raise MissingExtraError(
            "purvey mcp needs the extra `mcp`; install it by `pip install 'purvey[mcp]'`"
        ) from None
    if http is None:
        run_stdio(Settings())
    else:
        run_http(Settings(), http)

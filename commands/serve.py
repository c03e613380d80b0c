"""`purvey serve`: the API and the pages."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 3000,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Processes that serve, each with the whole plan in memory; 1 by default."
        ),
    ] = None,
    data: Annotated[str | None, typer.Option("--data", hidden=True)] = None,  # noqa: ARG001 -- see below
) -> None:
    """Serve the API and the pages until Ctrl-C.

    Stock, orders and offers are those of the last plan run; `--data`, which scripts may still give, has no effect.
    """
    from database.settings import Settings
    from serving.run import serve as run

    settings = Settings()
    run(settings if workers is None else settings.model_copy(update={"workers": workers}), host, port)

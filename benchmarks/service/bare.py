"""Bare Starlette and orjson that answer with given bytes: what the same core could serve if nothing had to be known.

`python -m benchmarks.service.bare ANSWER_FILE PORT` serves them under uvicorn, as BentoML's worker does.
"""

import sys
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def bare_app(answer: bytes) -> Starlette:
    """An application that reads a JSON body and writes the document of `answer`, whatever is asked."""
    document = orjson.loads(answer)

    async def respond(request: Request) -> Response:
        orjson.loads(await request.body())
        return Response(orjson.dumps(document), media_type="application/json")

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/ready", ready), Route("/{path:path}", respond, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(
        bare_app(Path(sys.argv[1]).read_bytes()), port=int(sys.argv[2]), log_level="warning", access_log=False
    )

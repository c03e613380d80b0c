"""How a server comes to our limited connections: uvicorn looks them up by name, before it has an application."""

from typing import Any

import uvicorn.config

LIMITED = "serving.admission.connections:LimitedConnection"


def limit_connections() -> None:
    """Have uvicorn use `LimitedConnection` in this process: BentoML starts it, and passes no protocol of ours on."""
    protocols: dict[str, Any] = uvicorn.config.HTTP_PROTOCOLS
    protocols["auto"] = LIMITED

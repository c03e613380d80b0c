"""The pages and resources of a home, served on loopback by a thread of this process, for a real browser.

Who asks is whoever the header `X-Forwarded-User` names, as behind a proxy, or with open access the local user.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from clients import TRUSTING

from database.settings import Settings
from serving.app import make_app
from serving.identity.access import Access
from serving.state.follower import Follower


@dataclass(frozen=True)
class Site:
    """Where a home is served: `root` without a slash at its end, and the follower, to be told of new plans."""

    root: str
    follower: Follower


@contextlib.contextmanager
def serve(home: Path, *, open_access: bool = False) -> Iterator[Site]:
    """Serve a home at a free port of loopback until the block is left."""
    follower = Follower()
    follower.open(Settings(home=home))
    assert follower.trouble == ""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        access = Access(follower, None if open_access else TRUSTING)
        app = make_app(follower, lambda: {"paths": {}}, access)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", follower)
        finally:
            server.should_exit = True
            thread.join()
            follower.close()

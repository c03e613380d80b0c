"""An OpenID Connect issuer at loopback for tests: its keys by http, and tokens that it signs."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey


class LocalIssuer:
    """Signs tokens, and serves the keys that it has `published`.

    Attributes
    ----------
    root : its address, and what its tokens have in `iss`
    fetches : how often its keys were asked for
    """

    def __init__(self) -> None:
        self.root, self.fetches = "", 0
        self.key = ECKey.generate_key("P-256", {"kid": "first", "use": "sig"})
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]

    def renew(self, kid: str) -> None:
        """Sign with a new key from now on, and publish it beside the others."""
        self.key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})
        self.published.append(self.key.as_dict(private=False))

    def claims(self, **other: Any) -> dict[str, Any]:
        """Claims of a token that is right for `purvey`, but for the `other` ones; those that are None are left out."""
        now = int(time.time())
        right = {"iss": self.root, "aud": "purvey", "sub": "u-1", "exp": now + 300, "roles": ["buying"]}
        return {name: value for name, value in (right | other).items() if value is not None}

    def token(self, **other: Any) -> str:
        """A token with those claims, signed."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, self.claims(**other), self.key, ["ES256"])


@contextmanager
def serve_issuer() -> Iterator[LocalIssuer]:
    """Serve an issuer at a free port of loopback until the block is left."""
    issuer = LocalIssuer()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                document: Any = {"issuer": issuer.root, "jwks_uri": f"{issuer.root}/keys"}
            else:
                issuer.fetches += 1
                document = {"keys": issuer.published}
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Keys)
    issuer.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The public keys of an OpenID Connect issuer (JWKS): fetched when needed, again when a key is new, never in a rush."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from configs.access import OidcConfig

log = logging.getLogger("purvey.serving")

KEPT_SECONDS = 600.0
"""Age beyond which keys are fetched anew: as long as a key that the issuer has withdrawn still opens."""

PAUSE_SECONDS = 30.0
"""Least time between two fetches, however many tokens name keys that nobody knows."""

_FETCH_SECONDS = 5.0
_LARGEST = 2**20


class IssuerKeysError(Exception):
    """The issuer's keys cannot be had: says why."""


class IssuerKeys:
    """Holds the issuer's keys for a process. Any thread may ask."""

    def __init__(self, config: OidcConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._config, self._clock = config, clock
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")

    def current(self, *, newer: bool = False) -> KeySet:
        """Return the keys; `newer`: a token names one that is not among them, so that they are fetched if that may be.

        Raises
        ------
        IssuerKeysError
            When none have ever been fetched.
        """
        with self._lock:
            now = self._clock()
            old = now - self._fetched > KEPT_SECONDS
            if (old or newer) and now - self._tried >= PAUSE_SECONDS:
                self._tried = now
                self._fetch(now)
            if self._keys is None or now - self._fetched > 24 * KEPT_SECONDS:
                raise IssuerKeysError(f"the keys of {self._config.issuer} cannot be fetched")
            return self._keys

    def _fetch(self, now: float) -> None:
        """Fetch the keys; where that fails, those fetched before stay for some hours."""
        import httpx  # a third of a second of each start, and few companies have an issuer

        try:
            address = self._config.jwks_url or self._discovered()
            keys = [
                key for key in _json(address)["keys"] if key.get("kty") != "oct" and key.get("use") != "enc"
            ]
            self._keys = KeySet.import_key_set({"keys": keys})
            self._fetched = now
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("keys of %s: %s", self._config.issuer, error)

    def _discovered(self) -> str:
        """Address of the keys by the issuer's discovery document, which has to be the issuer's own."""
        document = _json(f"{self._config.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document["issuer"] != self._config.issuer:
            raise ValueError(f"the discovery document is of {document['issuer']!r:.200}")
        return OidcConfig(issuer=self._config.issuer, audience="-", jwks_url=document["jwks_uri"]).jwks_url


def _json(address: str) -> Any:
    """Read a JSON object from the issuer, within seconds and a megabyte, not following it elsewhere."""
    import httpx  # as above

    with httpx.stream(
        "GET", address, timeout=_FETCH_SECONDS, follow_redirects=False, trust_env=False
    ) as answer:
        answer.raise_for_status()
        body = b""
        for part in answer.iter_bytes():
            body += part
            if len(body) > _LARGEST:
                raise ValueError(f"{address} sends more than {_LARGEST:,} bytes")
        return httpx.Response(200, content=body).json()

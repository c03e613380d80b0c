"""A letter sent to a webhook: JSON by POST, signed, to just the address that is configured."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from configs.errors import DomainError

WAIT_SECONDS = 10.0
"""How long a receiver may say nothing."""

LONGEST_SECONDS = 30.0
"""How long one may take in all; well within the lease of a delivery."""


class DeliveryError(DomainError):
    """A letter that did not arrive: says why."""


def signature(secret: str, timestamp: str, body: str) -> str:
    """Signature of a letter: `sha256=` and HMAC-SHA256, as hex, of timestamp, a dot and the body."""
    signed = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def send_webhook(url: str, body: str, *, delivery_id: str, timestamp: int, secret: str) -> None:
    """POST a letter. Redirects are not followed, proxies of the environment not asked, and 2xx alone is success.

    Parameters
    ----------
    timestamp : seconds since 1970, UTC, part of what is signed

    Raises
    ------
    DeliveryError
        When it did not arrive, as far as we know.
    """
    if not secret:
        raise DeliveryError("PURVEY_WEBHOOK_SECRET is not set, so that nothing can be signed")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "purvey",
        "X-Purvey-Id": delivery_id,
        "X-Purvey-Timestamp": str(timestamp),
        "X-Purvey-Signature": signature(secret, str(timestamp), body),
    }
    address = urlsplit(url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    connection = _connection(address.scheme, str(address.hostname), address.port)
    watch = threading.Timer(LONGEST_SECONDS, _cut_off, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body.encode(), headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DeliveryError(f"{address.netloc}: {error or type(error).__name__}") from None
    finally:
        watch.cancel()
        connection.close()
    if not 200 <= status < 300:
        raise DeliveryError(f"{address.netloc} answered {status}, expected 2xx")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=WAIT_SECONDS, context=context)
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=WAIT_SECONDS)
    raise DeliveryError(f"{scheme}: no such way to send; there are http and https")


def _cut_off(connection: http.client.HTTPConnection) -> None:
    """End a connection that answers a byte at a time."""
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)

"""Work that can be cancelled: long work asks between its chunks whether anybody still waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class WorkCancelled(BaseException):
    """Nobody waits for this work any more. No `Exception`: what makes up for errors must not make up for this."""


class CancelToken:
    """Shared by who asked for the work and who does it, in whatever thread."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Tell the work to stop at its next chunk."""
        self.cancelled = True

    def check(self) -> None:
        """Go on, or raise `WorkCancelled` where the work was cancelled."""
        if self.cancelled:
            raise WorkCancelled


_token: ContextVar[CancelToken] = ContextVar("cancel_token", default=CancelToken())  # noqa: B039 -- never cancelled


def current_token() -> CancelToken:
    """The token of the work that is being done here; hand it to threads, which do not know it by themselves."""
    return _token.get()


@contextmanager
def cancellable(token: CancelToken) -> Iterator[None]:
    """Work begun inside stops at its next chunk once `token` is cancelled."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)

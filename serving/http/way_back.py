"""Way back from a form to the page that it was on, and to no other site."""

from urllib.parse import urlsplit


def local_path(text: str, default: str) -> str:
    """Return `text` if it is a path on this site, else `default`: no open redirect."""
    ours = (
        text.isprintable()
        and text.startswith("/")
        and not text.startswith(("//", "/\\"))
        and _netloc(text) == ""
    )
    return text if ours else default


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:  # "//[" is no address at all
        return None

"""Access from this site's own pages only: the origin of a form, and the way back to a page of ours."""

from urllib.parse import urlsplit

from starlette.requests import Request

from serving.http.problems import Problem


def check_origin(request: Request) -> None:
    """Refuse access to a form sent by another site's page (CSRF); programs send neither header and may pass.

    Raises
    ------
    Problem
        403 when Origin or Sec-Fetch-Site name another site.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {None, "same-origin", "none"}
    if origin is not None and _netloc(origin) != request.headers.get("host"):
        foreign = True
    if foreign:
        raise Problem(
            403, "foreign_origin", "decisions are taken on Purvey's own pages; open it and try again"
        )


def local_path(text: str, default: str) -> str:
    """Access only to this site on a form's way back, no open redirect: `text` if it is a path here, else `default`."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and _netloc(text) == ""
    return text if ours else default


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:  # "//[" is no address at all
        return None

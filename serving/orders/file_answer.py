"""The download of an order's file: its bytes, its hash, and when it was first made where it is asked for again."""

from starlette.responses import Response

from database.purchase_orders.records import OrderFile


def file_response(file: OrderFile) -> Response:
    """Return an export file as a download, with its hash, and when it was first made where it is asked for again."""
    headers = {
        "content-disposition": f'attachment; filename="{file.name}"',
        "etag": f'"{file.sha256}"',
        "cache-control": "private, no-cache",
    }
    if file.again:
        headers["x-already-exported"] = f"already exported at {file.at.isoformat()} by {_ascii(file.who)}"
    return Response(file.content, headers=headers, media_type=file.media_type)


def _ascii(text: str) -> str:
    """A name as a header of a file's response can hold it."""
    return text.encode("ascii", "replace").decode("ascii").replace("\r", " ").replace("\n", " ")

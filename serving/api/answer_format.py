"""What the documents of all answers share: their header, and rows made of columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from serving.state.served import Served


def answer_header(served: Served, unanswered: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields that every answer of the API has: model, as_of, unanswered."""
    return {"model": served.version, "as_of": str(served.as_of.date()), "unanswered": unanswered}


def answer_rows(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Turn columns of one length into an answer's rows: a dict per row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

"""JSON bodies of answers: arrays, frames and days as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import pandas as pd
from starlette.responses import Response


def encode_json(document: Any) -> bytes:
    """Encode a document, or a part of one, that may hold NumPy arrays as JSON bytes."""
    return orjson.dumps(
        document, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_PASSTHROUGH_SUBCLASS, default=_json_default
    )


def _json_default(value: Any) -> Any:
    """Encode a value for JSON that orjson does not know into one it does: other arrays, days, missing values."""
    if isinstance(value, np.ndarray):  # orjson takes C-contiguous numeric arrays only
        return np.ascontiguousarray(value) if value.dtype != object else value.tolist()
    if isinstance(value, pd.Timestamp):
        return value.date()
    if value is pd.NaT or value is pd.NA:
        return None
    raise TypeError(f"{type(value)} in an answer")


def json_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Encode a frame's rows for JSON, a dict each: days as `2026-03-02`, missing values as null."""
    plain = frame.copy()
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object)
    found: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return found


def json_response(
    document: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an HTTP response with a JSON document; days and moments in ISO form."""
    return Response(orjson.dumps(document), status, headers, media_type="application/json")


def numbered_records(table: pd.DataFrame, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Return the rows with these `numbers`, from 1, as records that say theirs: of a long table only those."""
    records = json_records(table.iloc[[number - 1 for number in numbers]])
    return [{"number": number, **record} for number, record in zip(numbers, records, strict=True)]

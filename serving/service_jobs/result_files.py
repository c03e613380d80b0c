"""The result of a job as files: its rows as NDJSON and as an Arrow stream, and made of that as Parquet."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

MEDIA_TYPES = {
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
"""Formats of a result, each with its media type; the first is given to whoever says nothing."""

Row = dict[str, Any]


class ResultWriter:
    """Writes the rows of a result, chunk by chunk."""

    def __init__(self, ndjson: Any, arrow: Any, schema: pa.Schema) -> None:
        self._ndjson, self._arrow, self._schema = ndjson, arrow, schema

    def write(self, rows: list[Row]) -> None:
        """Append the rows of a chunk, all of them with all columns."""
        full = [{name: row.get(name) for name in self._schema.names} for row in rows]
        self._ndjson.write(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in full))
        days = [field.name for field in self._schema if pa.types.is_date(field.type)]
        dated = [row | {name: _day(row[name]) for name in days} for row in full] if days else full
        self._arrow.write_table(pa.Table.from_pylist(dated, self._schema))


@contextmanager
def result_writer(
    folder: Path, name: str, schema: pa.Schema, header: dict[str, Any]
) -> Iterator[ResultWriter]:
    """Write the result `name` in `folder`, there when the block has ended, and not at all where it raises.

    Parameters
    ----------
    header : what holds for all rows, kept in the schema's metadata as JSON under `purvey`
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    parts = {kind: folder / f".{uuid.uuid4().hex}.{kind}" for kind in ("ndjson", "arrow")}
    described = schema.with_metadata({"purvey": orjson.dumps(header, default=str).decode()})
    try:
        with (
            _create(parts["ndjson"]) as ndjson,
            _create(parts["arrow"]) as sink,
            pa.ipc.new_stream(sink, described, options=pa.ipc.IpcWriteOptions(compression="zstd")) as arrow,
        ):
            yield ResultWriter(ndjson, arrow, described)
        for kind, part in parts.items():
            part.rename(folder / f"{name}.{kind}")
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def result_file(folder: Path, name: str, kind: str) -> Path | None:
    """Return the file of a result in one of the formats, none where it is gone; Parquet is made on demand."""
    path = folder / f"{name}.{kind}"
    if kind == "parquet" and not path.exists() and (folder / f"{name}.arrow").exists():
        part = folder / f".{uuid.uuid4().hex}.parquet"
        try:
            with (
                (folder / f"{name}.arrow").open("rb") as source,
                pa.ipc.open_stream(source) as stream,
                _create(part) as sink,
                pq.ParquetWriter(sink, stream.schema) as writer,
            ):
                for batch in stream:
                    writer.write_batch(batch)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    return path if path.exists() else None


def remove_result(folder: Path, name: str) -> None:
    """Remove the files of a result."""
    for kind in MEDIA_TYPES:
        (folder / f"{name}.{kind}").unlink(missing_ok=True)


def remove_strays(folder: Path, kept: frozenset[str], *, older_than: float) -> None:
    """Remove what is of no result that is kept and was last written before the moment `older_than`."""
    for path in folder.glob("*") if folder.is_dir() else ():
        stray = path.name.startswith(".") or path.stem not in kept
        if stray and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    """Open a new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

"""Compressed files: a CSV file's bytes, whatever it is packed with."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from features.contract.tables import DataError


def _unzip(path: Path) -> bytes:
    """Bytes of the one file in a zip archive; what a Mac adds does not count."""
    with zipfile.ZipFile(path) as archive:
        names = [
            name
            for name in archive.namelist()
            if not name.endswith("/") and not name.startswith("__MACOSX") and not name.startswith(".")
        ]
        if len(names) != 1:
            raise DataError(
                f"{path.name}: holds {len(names)} files ({', '.join(names[:5])}); pack one CSV file, or unpack it"
            )
        if not names[0].lower().endswith(".csv"):
            raise DataError(f"{path.name}: holds {names[0]}, expected a CSV file; unpack it")
        return archive.read(names[0])


def _unpack_zstd(path: Path) -> bytes:
    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        return bytes(stream.read())


_UNPACK: Mapping[str, Callable[[Path], bytes]] = {
    ".gz": lambda path: gzip.decompress(path.read_bytes()),
    ".bz2": lambda path: bz2.decompress(path.read_bytes()),
    ".xz": lambda path: lzma.decompress(path.read_bytes()),
    ".zst": _unpack_zstd,
    ".zip": _unzip,
}
COMPRESSIONS = tuple(_UNPACK)
"""Last suffix of a compressed CSV file's name: `stock.csv.gz`."""


def unpack(path: Path) -> bytes:
    """Bytes of the file that a compressed file holds.

    Raises
    ------
    DataError
        When the file is damaged, not packed as its name says, or an archive of no or several files.
    """
    try:
        return _UNPACK[path.suffix.lower()](path)
    except (
        OSError,
        EOFError,
        ValueError,
        zlib.error,
        lzma.LZMAError,
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
    ) as error:
        why = str(error).splitlines()[0] if str(error) else "it ends too early"
        raise DataError(
            f"{path.name}: cannot be unpacked ({why}); pack it anew, or give it unpacked"
        ) from None

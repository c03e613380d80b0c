"""Fingerprints of the tables and of the panel: the same contents, the same text."""

from dataclasses import fields
from hashlib import sha256

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import PROCUREMENT_TABLES, TABLES, Tables
from features.demand.panel import Panel


def fingerprint(tables: Tables) -> str:
    """Fingerprint of the tables: SHA-256 (hex) of their contents, whatever the format and order of rows and columns.

    Each row becomes a 64-bit hash; the sorted hashes of a table are what the SHA-256 sees. A contract column
    without values counts as absent, so that leaving it out of the source changes nothing; so does a procurement table
    without rows, since fingerprints were taken before there were any.
    """
    digest = sha256()
    for table in sorted(f.name for f in fields(tables)):
        frame: pd.DataFrame = getattr(tables, table)
        if table in PROCUREMENT_TABLES and frame.empty:
            continue
        columns = sorted(c for c in frame.columns if c not in TABLES[table] or frame[c].notna().any())
        digest.update(f"{table}:{len(frame)}:{','.join(columns)};".encode())
        if len(frame) and columns:
            rows = pd.util.hash_pandas_object(_canonical(frame[columns]), index=False)
            digest.update(np.sort(rows.to_numpy("<u8")).tobytes())
    return digest.hexdigest()


def panel_fingerprint(panel: Panel) -> str:
    """Fingerprint of the demand panel: SHA-256 (hex) of its contents, all that a demand model sees."""
    digest = sha256(f"{panel.freq}:{panel.y.shape}:{panel.known}".encode())
    arrays = {"y": panel.y, "in_stock": panel.in_stock, "ds": panel.ds.astype("datetime64[ns]").view("<i8")}
    if panel.calendar is not None and panel.calendar.listed is not None:
        arrays["calendar"] = panel.calendar.listed.view("<i8")
    if panel.succession is not None:
        chain = panel.succession
        arrays |= {"old": chain.old, "new": chain.new, "share": chain.share, "planned": chain.planned}
        arrays["start"] = chain.start.astype("datetime64[ns]").view("<i8")
    for names in (arrays, panel.covariates, panel.events):
        for name in sorted(names):
            digest.update(f"{name}:{names[name].shape};".encode())
            digest.update(np.ascontiguousarray(names[name]).data)
    static = pd.DataFrame({**panel.static, "unique_id": panel.unique_ids})
    static = _canonical(static[sorted(static.columns)])
    digest.update(",".join(static.columns).encode())
    digest.update(pd.util.hash_pandas_object(static, index=False).to_numpy("<u8").tobytes())
    return digest.hexdigest()


def _canonical(frame: pd.DataFrame) -> pd.DataFrame:
    """One representation per value, for the fingerprint: −0.0 is 0.0, flags are numbers, a missing text has its own."""
    return pd.DataFrame({name: _canonical_column(column) for name, column in frame.items()})


def _canonical_column(column: pd.Series) -> pd.Series | NDArray[np.float64]:
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_float_dtype(column.dtype):
        return column.to_numpy(float, na_value=np.nan) + 0.0
    return column.fillna("\0") if column.dtype == object else column

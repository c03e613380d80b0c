"""Fingerprints of the tables and of the panel: the same contents, the same text."""

from dataclasses import fields
from hashlib import sha256

import numpy as np
import pandas as pd

from features.contract.tables import TABLES, Tables
from features.demand.panel import Panel


def fingerprint(tables: Tables) -> str:
    """SHA-256 (hex) of all contents, whatever the file format and the order of rows and columns.

    Each row becomes a 64-bit hash; the sorted hashes of a table are what the SHA-256 sees. A contract column
    without values counts as absent, so that leaving it out of the source changes nothing.
    """
    digest = sha256()
    for table in sorted(f.name for f in fields(tables)):
        frame: pd.DataFrame = getattr(tables, table)
        columns = sorted(c for c in frame.columns if c not in TABLES[table] or frame[c].notna().any())
        digest.update(f"{table}:{len(frame)}:{','.join(columns)};".encode())
        if len(frame) and columns:
            rows = pd.util.hash_pandas_object(_canonical(frame[columns]), index=False)
            digest.update(np.sort(rows.to_numpy("<u8")).tobytes())
    return digest.hexdigest()


def panel_fingerprint(panel: Panel) -> str:
    """SHA-256 (hex) of all that a demand model sees of `panel`: with the same model, the same forecast."""
    digest = sha256(f"{panel.freq}:{panel.y.shape}:{panel.known}".encode())
    arrays = {"y": panel.y, "in_stock": panel.in_stock, "ds": panel.ds.astype("datetime64[ns]").view("<i8")}
    if panel.succession is not None:
        chain = panel.succession
        arrays |= {"old": chain.old, "new": chain.new, "share": chain.share, "planned": chain.planned}
        arrays["start"] = chain.start.astype("datetime64[ns]").view("<i8")
    for names in (arrays, panel.covariates, panel.events):
        for name in sorted(names):
            digest.update(f"{name}:{names[name].shape};".encode())
            digest.update(np.ascontiguousarray(names[name]).data)
    about = panel.static.assign(unique_id=panel.unique_ids)
    about = _canonical(about[sorted(about.columns)])
    digest.update(",".join(about.columns).encode())
    digest.update(pd.util.hash_pandas_object(about, index=False).to_numpy("<u8").tobytes())
    return digest.hexdigest()


def _canonical(frame: pd.DataFrame) -> pd.DataFrame:
    """One representation per value: −0.0 is 0.0, flags are numbers, a missing text is a text of its own."""
    return pd.DataFrame(
        {
            name: (
                column.to_numpy(float, na_value=np.nan) + 0.0
                if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_float_dtype(column.dtype)
                else column.fillna("\0") if column.dtype == object else column
            )
            for name, column in frame.items()
        }
    )  # fmt: skip

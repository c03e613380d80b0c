"""The header of a table in a file: its columns by their names, and columns of nothing left out."""

import pandas as pd


def named_columns(frame: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    """`frame` with the column names of its `header`, without the columns that have neither a name nor values."""
    kept = [n for n, name in enumerate(header) if name or frame.iloc[:, n].notna().any()]
    frame = frame.iloc[:, kept]
    frame.columns = pd.Index([header[n] for n in kept], dtype=object)
    return frame

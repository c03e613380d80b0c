"""Whether two folders hold the same Parquet files to the last bit: what a change that should change nothing is held to.

`python -m benchmarks.same_files BEFORE AFTER` compares every Parquet file below BEFORE with the one of the same path
below AFTER, column by column, floats by their bits (any NaN is like any other), and names the rows that differ by their
first column. The exit status is 1 where anything differs.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_SHOWN = 5
"""Rows named of a file that differs."""


def different_cells(before: pd.Series, after: pd.Series) -> NDArray[np.bool_]:
    """Cells (n,) of a column that differ; all of them where the dtypes do."""
    if before.dtype != after.dtype:
        return np.ones(len(before), bool)
    missing = (before.isna() & after.isna()).to_numpy(bool)
    if before.dtype.kind == "f":
        bits = f"u{before.dtype.itemsize}"
        same = before.to_numpy().view(bits) == after.to_numpy().view(bits)
    else:
        same = before.eq(after).fillna(value=False).to_numpy(bool)
    return np.asarray(~(same | missing))


def difference(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """How two files' tables differ, in one line; "" where they do not."""
    if list(before.columns) != list(after.columns):
        return f"columns {sorted(set(before.columns) ^ set(after.columns)) or 'in another order'}"
    if len(before) != len(after):
        return f"{len(before):,} rows before, {len(after):,} after"
    cells = {name: different_cells(before[name], after[name]) for name in before}
    counts = {name: int(cell.sum()) for name, cell in cells.items() if cell.any()}
    if not counts:
        return ""
    rows = np.any(list(cells.values()), axis=0)
    return f"cells {counts}, rows of {before.loc[rows].iloc[:_SHOWN, 0].tolist()} …"


def main() -> None:
    """Compare the Parquet files of two folders and print a line a file, whether the same or different."""
    before, after = (Path(argument) for argument in sys.argv[1:3])
    differing = 0
    files = sorted(before.rglob("*.parquet"))
    for file in files:
        name = file.relative_to(before)
        other = after / name
        found = (
            difference(pd.read_parquet(file), pd.read_parquet(other)) if other.is_file() else "missing after"
        )
        differing += bool(found)
        print(f"{'DIFFERENT' if found else 'same':<10}{name}  {found}")
    print(f"{differing} of {len(files)} files differ")
    sys.exit(1 if differing or not files else 0)


if __name__ == "__main__":
    main()

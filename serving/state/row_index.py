"""Where the rows of a table are that belong to a key, a SKU or a supplier: looked up, not searched for each time."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class RowIndex:
    """Positions of rows by key, made once for a table that is served: as long as the table, and no dict of arrays."""

    def __init__(self, keys: pd.Series) -> None:
        codes, names = pd.factorize(keys)
        self._order = np.argsort(codes, kind="stable")
        self._starts = np.searchsorted(codes[self._order], np.arange(len(names) + 1))
        self._code = {name: code for code, name in enumerate(names)}

    def rows(self, keys: Iterable[str]) -> NDArray[np.int64]:
        """Positions of the rows that belong to the keys, ascending."""
        codes = [code for key in set(keys) if (code := self._code.get(key)) is not None]
        parts = [self._order[self._starts[code] : self._starts[code + 1]] for code in codes]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)

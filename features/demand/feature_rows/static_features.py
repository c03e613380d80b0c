"""Static features: codes of the SKUs' text columns (category, department, colour …) in a vocabulary learned once."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.panel import Panel

Codes = NDArray[np.int64]

DISTINCT = 20
"""Values a static column may have."""


def static_vocabulary(panel: Panel) -> dict[str, list[str]]:
    """Vocabulary of static features: the values of columns with 2 … 20; more would be learned by heart (as on VN2)."""
    values = {str(c): sorted(_texts(panel, c).unique()) for c in panel.static.columns if c != "description"}
    return {name: found for name, found in values.items() if 2 <= len(found) <= DISTINCT}


def static_codes(panel: Panel, vocabulary: dict[str, list[str]]) -> dict[str, Codes]:
    """Code of each SKU's static value in the vocabulary, −1 for values not in it: column → (n,)."""
    columns = [name for name in vocabulary if name in panel.static]
    return {c: np.asarray(pd.Index(vocabulary[c]).get_indexer(_texts(panel, c)), np.int64) for c in columns}


def _texts(panel: Panel, name: str) -> pd.Series:
    return panel.static[name].astype("string").fillna("")

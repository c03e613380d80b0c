"""What keeps the contract but should not be believed: findings about whole tables."""

import pandas as pd

from features.checked import TrustWarning
from features.contract import Tables


def trust_warnings(tables: Tables, freq: str, as_of: pd.Timestamp) -> tuple[TrustWarning, ...]:
    """All warnings about `tables`, the gravest first."""
    return ()

"""How alike pilot and hold-out are: standardised mean differences of every characteristic, before and after matching.

Difference of means over the root of the two groups' mean variance. *Before*: the pilot beside every other unit, what a
comparison without a hold-out would stand on. *After*: the pilot beside its hold-out.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

LARGEST_DIFFERENCE = 0.1
"""Standardised difference from which a characteristic is said to be out of balance (Austin, Stat. Med. 28, 2009)."""
LEVELS_SHOWN = 20
"""Most common values of a text characteristic that are shown, each with its share of the units."""


def standardised_difference(one: Array, other: Array) -> Array:
    """Standardised mean difference (K,) of columns of `one` (n, K) and `other` (m, K), missing values left out."""
    means, variances = zip(*(_moments(each) for each in (one, other)), strict=True)
    gap = np.asarray(means[0] - means[1], float)
    spread = np.sqrt((variances[0] + variances[1]) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(gap == 0, 0.0, gap / spread), float)


def group_balance(
    units: pd.DataFrame, pilot: NDArray[np.bool_], hold_out: NDArray[np.bool_], *, text: tuple[str, ...]
) -> pd.DataFrame:
    """Balance of the columns of `units` (N rows; those in `text` by their values, the others as numbers).

    One row a characteristic: `characteristic`, its mean or share in `pilot`, `hold_out` and `others` (all but the
    pilot), the standardised differences `before` and `after`, and `out_of_balance`.
    """
    columns: dict[str, Array] = {}
    for name in units.columns:
        if name not in text:
            columns[name] = units[name].to_numpy(float)
            continue
        values = units[name].astype(str)
        for value in values.value_counts().sort_index(kind="stable").nlargest(LEVELS_SHOWN).index:
            columns[f"{name} {value}"] = (values == value).to_numpy(float)
    frame = pd.DataFrame({"characteristic": list(columns)})
    laid = np.column_stack(list(columns.values())) if columns else np.zeros((len(units), 0))
    groups = {"pilot": laid[pilot], "hold_out": laid[hold_out], "others": laid[~pilot]}
    for name, values in groups.items():
        frame[name] = _moments(values)[0]
    frame["before"] = standardised_difference(groups["pilot"], groups["others"])
    frame["after"] = standardised_difference(groups["pilot"], groups["hold_out"])
    frame["out_of_balance"] = frame["after"].abs() > LARGEST_DIFFERENCE
    return frame


def _moments(values: Array) -> tuple[Array, Array]:
    """Mean and variance (K,) of the columns, missing values left out; NaN where none is known."""
    seen = ~np.isnan(values)
    known = np.where(seen.any(axis=0), seen.sum(axis=0), np.nan)
    mean = np.where(seen, values, 0.0).sum(axis=0) / known
    return mean, (np.where(seen, values - mean, 0.0) ** 2).sum(axis=0) / known

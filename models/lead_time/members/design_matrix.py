"""The design matrix of the lead-time regression: covariates of order lines as sparse columns, for fit and predict."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from distributions.distribution import Array
from features.contract.tables import COVARIATE
from features.orders.promises import PROMISE
from features.orders.supplier_calendar import REGION

_MAX_LEVELS = 5000  # per column, those with most orders: the others have too few orders each
_MIN_ORDERS = (
    2  # a level seen once cannot be distinguished from noise and counts as "other", without a column
)
_SEASON_DAYS = 540.0  # with less history a season cannot be distinguished from a trend
_HARMONICS = (1, 2)
_UNSET = ("", "False")  # a flag that a request does not mention is not set
_OUR_COVARIATES = ("expedited", REGION)
"""Columns of the contract that enter as the company's own covariates do."""


@dataclass(frozen=True)
class DesignMatrix:
    """Columns of the lead-time regression and how each is scaled.

    Attributes
    ----------
    levels : column → its levels that have a coefficient of their own, sorted
    numbers : derived number → mean and standard deviation it is scaled by
    season : whether the time of year enters
    """

    levels: dict[str, list[str]]
    numbers: dict[str, tuple[float, float]]
    season: bool

    @classmethod
    def learn(cls, orders: pd.DataFrame, *, promises: bool = False) -> Self:
        """Choose the design columns that vary: supplier, SKU, category, covariates, size, value, contract, season.

        With `promises`, the days promised too.
        """
        texts, numerics = covariate_columns(orders)
        levels = {}
        for column in ("supplier_id", "unique_id", "category", *texts):
            text = text_column(orders, column)
            if text.nunique() > 1:
                levels[column] = _frequent_levels(text)
        numbers = {}
        for name in ("quantity", "value", "contract", *([PROMISE] if promises else []), *numerics):
            values = _number(orders, name)
            spread = float(np.nanstd(values)) if np.isfinite(values).any() else 0.0
            if spread > 1e-9:
                numbers[name] = (float(np.nanmean(values)), spread)
        days = orders["ordered_at"].max() - orders["ordered_at"].min()
        return cls(levels, numbers, season=bool(days / pd.Timedelta(days=1) >= _SEASON_DAYS))

    def matrix(self, orders: pd.DataFrame) -> sparse.csr_array:
        """Design matrix (n, P) of n order lines: a one, the levels, the numbers (0 where missing), the season."""
        n = len(orders)
        blocks = [sparse.csr_array(np.ones((n, 1)))]
        for column, levels in self.levels.items():
            at = pd.Index(levels, dtype=object).get_indexer(pd.Index(text_column(orders, column)))
            rows = np.flatnonzero(at >= 0)
            blocks.append(sparse.csr_array((np.ones(len(rows)), (rows, at[rows])), shape=(n, len(levels))))
        dense = [
            np.nan_to_num((_number(orders, name) - mean) / spread)
            for name, (mean, spread) in self.numbers.items()
        ]
        if self.season:
            angle = orders["ordered_at"].dt.dayofyear.to_numpy(float) * (2 * np.pi / 365.25)
            dense += [wave(k * np.nan_to_num(angle)) for k in _HARMONICS for wave in (np.sin, np.cos)]
        if dense:
            blocks.append(sparse.csr_array(np.column_stack(dense)))
        return sparse.csr_array(sparse.hstack(blocks, format="csr"))

    def to_json(self) -> dict[str, Any]:
        """Return the design's levels and scales as plain data for JSON."""
        return {"levels": self.levels, "numbers": self.numbers, "season": self.season}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """Read the design that `to_json` gave."""
        numbers = {name: (float(mean), float(spread)) for name, (mean, spread) in facts["numbers"].items()}
        return cls(facts["levels"], numbers, bool(facts["season"]))


def _frequent_levels(text: pd.Series) -> list[str]:
    """Levels of a text column that get a coefficient: those with most orders, at least two, sorted by name."""
    counts = text.value_counts()
    frequent = counts[(counts >= _MIN_ORDERS) & ~counts.index.isin(_UNSET)]
    top = frequent.sort_index().sort_values(ascending=False, kind="stable").head(_MAX_LEVELS)
    return sorted(top.index)


def covariate_columns(orders: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Covariates of order lines that can enter the design: columns of text or flags, and of numbers."""
    extra = [c for c in map(str, orders) if c.startswith(COVARIATE) or c in _OUR_COVARIATES]
    texts = [c for c in extra if not pd.api.types.is_numeric_dtype(orders[c]) or _is_flag(orders[c])]
    dates = [c for c in texts if pd.api.types.is_datetime64_any_dtype(orders[c])]
    return [c for c in texts if c not in dates], [c for c in extra if c not in texts]


def _is_flag(values: pd.Series) -> bool:
    return bool(pd.api.types.is_bool_dtype(values))


def text_column(orders: pd.DataFrame, column: str) -> pd.Series:
    """A design column as text, "" where it is missing."""
    if column not in orders:
        return pd.Series("", index=orders.index)
    return orders[column].astype(object).where(orders[column].notna(), "").astype(str)


def _number(orders: pd.DataFrame, name: str) -> Array:
    """Numeric covariate (n,) as sign(x)·log(1 + |x|), for sizes and prices act by ratio; NaN where it is missing."""
    if name == "value":
        raw = _column(orders, "quantity_ordered") * _column(orders, "unit_price")
    else:
        raw = _column(orders, {"quantity": "quantity_ordered", "contract": "contract_days"}.get(name, name))
    return np.asarray(np.sign(raw) * np.log1p(np.abs(raw)))


def _column(orders: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A design column as floats, NaN where it is missing or no number."""
    if column not in orders:
        return np.full(len(orders), np.nan)
    return np.asarray(pd.to_numeric(orders[column], errors="coerce"), float)

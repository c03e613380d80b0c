"""Agreements: the contract that holds for each order line, and whether somebody else has one for the goods."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.in_force import in_force

_SCOPES: tuple[tuple[str, ...], ...] = (
    ("supplier_id", "unique_id"),
    ("supplier_id", "category"),
    ("supplier_id",),
)
"""What a contract can be about, the most particular first."""


def contract_of_lines(lines: pd.DataFrame, contracts: pd.DataFrame) -> NDArray[np.int64]:
    """Row of the contract in force for each order line on its day, (n,); −1 where there is none.

    A contract about the SKU goes before one about its category, and that before one about all of the supplier; of
    several alike the one that came into force last.

    Parameters
    ----------
    lines : `supplier_id, unique_id, category, ordered_at`
    contracts : table of the data contract
    """
    result = np.full(len(lines), -1, np.int64)
    for scope in _SCOPES:
        rows = _latest_in_force(lines, _about(contracts, scope), scope)
        result = np.where(result < 0, rows, result)
    return result


def contracted_elsewhere(lines: pd.DataFrame, contracts: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a contract about a line's SKU or category is in force on its day, whoever's it is, (n,)."""
    result = np.zeros(len(lines), bool)
    for scope in _SCOPES[:2]:
        result |= _latest_in_force(lines, _about(contracts, scope), scope[1:]) >= 0
    return result


def contract_prices(contracts: pd.DataFrame, rows: NDArray[np.int64]) -> Array:
    """Agreed price of the contract `rows` (n,) of order lines; NaN where there is no contract, or none with a price."""
    prices = np.append(contracts["price"].to_numpy(float), np.nan)
    return np.asarray(prices[rows])


def _about(contracts: pd.DataFrame, scope: tuple[str, ...]) -> pd.DataFrame:
    """The contracts that are about exactly the `scope`, with their row in the table."""
    numbered = contracts.assign(row=np.arange(len(contracts)))
    given = {name: numbered[name].notna() for name in ("unique_id", "category")}
    matches = np.ones(len(numbered), bool)
    for name, there in given.items():
        matches &= (there if name in scope else ~there).to_numpy(bool)
    return numbered[matches]


def _latest_in_force(lines: pd.DataFrame, contracts: pd.DataFrame, by: tuple[str, ...]) -> NDArray[np.int64]:
    """Row of the contract with the same values in the columns `by` that came into force last, (n,); −1 without one."""
    if contracts.empty or not len(lines):
        return np.full(len(lines), -1, np.int64)
    keys = list(by)
    days = lines["ordered_at"].dt.normalize()
    code, asked = distinct_rows(lines[keys].assign(day=days))
    both = asked.assign(at=np.arange(len(asked))).merge(
        contracts[[*keys, "valid_from", "valid_to", "row"]], on=keys
    )
    held = both[in_force(both, both["day"])].sort_values(
        ["valid_from", "row"], na_position="first", kind="stable"
    )
    last = held.drop_duplicates("at", keep="last")
    result = np.full(len(asked), -1, np.int64)
    result[last["at"].to_numpy(np.int64)] = last["row"].to_numpy(np.int64)
    return result[code]


def distinct_rows(table: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The distinct rows of a table, and which of them each row is, (n,): what is asked often is looked up once."""
    code = table.groupby(list(table), sort=False, dropna=False).ngroup().to_numpy(np.int64)
    return code, table[~pd.Series(code, index=table.index).duplicated()].reset_index(drop=True)

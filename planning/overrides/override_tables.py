"""Tables of overrides in a plan: all that were given and what became of each, those that hold for each SKU."""

import numpy as np
import pandas as pd

FORECAST, SERVICE_LEVEL, HOLD, QUANTITY = "forecast", "service_level", "hold", "quantity"

USED, WAITS, REFUSED, BEATEN = "used", "waits", "refused", "beaten"
EXPIRED, OVER, DONE, NOWHERE = "expired", "over", "done", "nowhere"
"""What became of an override: it holds; its SKU is not ordered today; it breaks a term of the offer; others go before
it everywhere; it has expired; its periods or days are over; its quantity was ordered; no SKU of the plan is meant."""

_OF_ALL: dict[str, str] = {
    "override_id": "object",
    "source": "object",
    "kind": "object",
    "unique_id": "object",
    "category": "object",
    "from": "datetime64[ns]",
    "until": "datetime64[ns]",
    "factor": "float64",
    "units": "float64",
    "last_year": "boolean",
    "service_level": "float64",
    "hold_until": "datetime64[ns]",
    "quantity": "float64",
    "reason": "object",
    "author": "object",
    "created": "datetime64[ns]",
    "expires": "datetime64[ns]",
    "what": "object",
    "skus": "int64",
    "status": "object",
    "says": "object",
}
_OF_SKUS: dict[str, str] = {
    "unique_id": "object",
    "override_id": "object",
    "kind": "object",
    "what": "object",
    "author": "object",
    "reason": "object",
    "expires": "datetime64[ns]",
    "hold_until": "datetime64[ns]",
    "value": "float64",
    "instead_of": "float64",
    "beats": "object",
}
_KEPT: dict[str, str] = {
    "override_id": "object",
    "unique_id": "object",
    "ds": "datetime64[ns]",
    "end": "datetime64[ns]",
    "cutoff": "datetime64[ns]",
    "author": "object",
    "reason": "object",
    "what": "object",
    "mean": "float64",
    "model_mean": "float64",
    "scale": "float64",
    "actual": "float64",
}


def no_overrides() -> pd.DataFrame:
    """No overrides: a row each that was given; `what` it says, how many `skus` it holds for, `status`, `says` why."""
    return _empty(_OF_ALL)


def no_sku_overrides() -> pd.DataFrame:
    """No overrides of SKUs: a row an override that holds for a SKU.

    `what` is the override in words, `value` what it sets and `instead_of` what holds without it (units, share, NaN
    where neither is a number), `beats` names those that it goes before.
    """
    return _empty(_OF_SKUS)


def no_kept_forecasts() -> pd.DataFrame:
    """No kept forecasts: a row an override, SKU and period.

    Means in units a period, of the override and of the model; `scale`: the SKU's usual demand; `actual`: what came, NaN
    as long as it is not known.
    """
    return _empty(_KEPT)


def shaped_as(table: pd.DataFrame, empty: pd.DataFrame) -> pd.DataFrame:
    """A table of overrides with the columns and dtypes of an `empty` one; columns that it lacks are empty."""
    return table.reindex(columns=empty.columns).astype(empty.dtypes.to_dict()).reset_index(drop=True)


def together(given: pd.DataFrame, entered: pd.DataFrame) -> pd.DataFrame:
    """All overrides in one table: those `given` in the company's table, and those `entered` by people."""
    first = given.assign(source="table", override_id=_named(given))
    parts = [part for part in (first, entered.assign(source="entered")) if len(part)]
    if not parts:
        return no_overrides()
    rows = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    return shaped_as(rows.assign(what="", skus=0, status="", says=""), no_overrides())


def _named(given: pd.DataFrame) -> "pd.Series[str]":
    """Ids of the table's overrides: their own, or one made of what they say, the same in every plan."""
    contents = given.drop(columns="override_id").astype(str)
    codes = pd.util.hash_pandas_object(contents, index=False).to_numpy("<u8")
    made = pd.Series([f"t-{int(code):016x}"[:14] for code in codes], given.index, dtype=object)
    own = given["override_id"]
    return own.where(own.notna(), made)


def _empty(columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(np.empty(0), dtype=kind) for name, kind in columns.items()})

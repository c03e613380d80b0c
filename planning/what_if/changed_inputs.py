"""Inputs with a change in them: the supplier's offers, the items' targets, and the demand forecast."""

from dataclasses import replace

import numpy as np
import pandas as pd

from configs.formats import plain
from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.cost.price_breaks import parse_breaks
from planning.inputs import PlanInputs, numbers_by_sku
from planning.overrides.forecast_overrides import overridden_forecast
from planning.overrides.in_force import OverridesInForce
from planning.overrides.override_tables import SERVICE_LEVEL, no_sku_overrides
from planning.overrides.service_levels import with_service_levels
from planning.what_if.change import Amount, Change, WhatIfError

_SERVICE = ("cycle_service_level", "fill_rate")


def changed_inputs(
    inputs: PlanInputs, forecast: DemandForecast, lanes: pd.DataFrame, change: Change, policy: PolicyConfig
) -> PlanInputs:
    """The inputs with the change of offers and targets in them, and of the rate at which SKUs sell now.

    Parameters
    ----------
    lanes : those in use today: one that nobody has made an offer for gets one, with the changed terms
    """
    if change.changes_offers:
        inputs = replace(inputs, offers=_changed_offers(inputs, lanes, change))
    if change.target is not None:
        inputs = replace(inputs, items=_with_target(inputs.items, forecast, change.target, policy))
    if change.demand != 1:
        recent = inputs.recent_demand
        inputs = replace(inputs, recent_demand=recent.assign(per_day=recent["per_day"] * change.demand))
    return inputs


def changed_forecast(forecast: DemandForecast, factor: float) -> DemandForecast:
    """The forecast with the demand of every period changed by a factor, as an override by that factor has it."""
    if factor == 1:
        return forecast
    periods = forecast.horizon + len(forecast.later_ends_days)
    held = OverridesInForce(
        given=pd.DataFrame({"unique_id": [None], "factor": [factor], "units": [np.nan]}),
        of_skus=no_sku_overrides(),
        periods=np.zeros((len(forecast), periods), np.int64),
        scopes={},
    )
    return overridden_forecast(forecast, held, np.full((len(forecast), periods), np.nan)).forecast


def _changed_offers(inputs: PlanInputs, lanes: pd.DataFrame, change: Change) -> pd.DataFrame:
    """Offers with the change of MOQ, multiple and price in those of its supplier.

    Raises
    ------
    WhatIfError
        When an MOQ is above what the offer allows at most.
    """
    offers = _with_usual_lanes(inputs.offers, lanes, change.supplier_id)
    own = (offers["supplier_id"] == change.supplier_id).to_numpy(bool)
    few = offers[own]
    for column in ("moq", "order_multiple"):
        amount: Amount | None = getattr(change, column)
        if amount is not None:
            few = few.assign(**{column: amount.in_place_of(_numbers(few, column))})
    if change.price is not None:
        few = _with_price(few, inputs.items, change.price)
    _check_maximum(few)
    changed = [name for name in ("moq", "order_multiple", "unit_price", "price_breaks") if name in few]
    for name in changed:
        values = offers[name].to_numpy(object, copy=True)
        values[own] = few[name].to_numpy(object)
        offers = offers.assign(**{name: values if name == "price_breaks" else values.astype(float)})
    return offers


def _with_usual_lanes(offers: pd.DataFrame, lanes: pd.DataFrame, supplier_id: str) -> pd.DataFrame:
    """The offers, with a row for each lane of the changed supplier that is in use without one."""
    used = lanes[(lanes["supplier_id"] == supplier_id) & ~lanes["has_offer"].astype(bool)]
    if used.empty:
        return offers.reset_index(drop=True)
    known = len(offers)
    more = offers.reset_index(drop=True).reindex(range(known + len(used)))
    for name in ("supplier_id", "unique_id"):
        more[name] = np.append(offers[name].to_numpy(object), used[name].to_numpy(object))
    return more


def _with_price(offers: pd.DataFrame, items: pd.DataFrame, price: Amount) -> pd.DataFrame:
    """Offers with a changed price; a price break keeps its share of it. Without a price the item's cost is meant."""
    today = _numbers(offers, "unit_price")
    today = np.where(
        np.isnan(today), numbers_by_sku(items, "unit_cost", offers["unique_id"].to_numpy(object)), today
    )
    new = price.in_place_of(today) if price.relative else np.full(len(today), price.value)
    offers = offers.assign(unit_price=new)
    if "price_breaks" not in offers:
        return offers
    factor = np.divide(new, today, out=np.ones(len(new)), where=today > 0)
    texts = [
        _scaled(text, times) if isinstance(text, str) and text else text
        for text, times in zip(offers["price_breaks"], factor, strict=True)
    ]
    return offers.assign(price_breaks=pd.Series(texts, index=offers.index, dtype=object))


def _scaled(text: str, factor: float) -> str:
    """Price breaks with their prices changed by a factor."""
    return ";".join(
        f"{float(quantity)!r}:{float(price * factor)!r}" for quantity, price in parse_breaks(text)
    )


def _numbers(offers: pd.DataFrame, column: str) -> Array:
    """Numbers (n,) of a column of the offers to be changed, NaN where there are none, 0 for no MOQ and multiple."""
    if column not in offers:
        return np.full(len(offers), np.nan)
    values = offers[column].to_numpy(float, na_value=np.nan)
    return np.asarray(values if column == "unit_price" else np.nan_to_num(values, nan=0.0))


def _check_maximum(offers: pd.DataFrame) -> None:
    """Refuse a changed MOQ above an offer's maximum."""
    if "max_quantity" not in offers:
        return
    over = offers[_numbers(offers, "moq") > offers["max_quantity"].to_numpy(float, na_value=np.inf)]
    if len(over):
        row = over.iloc[0]
        raise WhatIfError(
            f"moq is {plain(row['moq'])} for {row['unique_id']}, above its maximum {plain(row['max_quantity'])}; "
            "give that or less"
        )


def _with_target(
    items: pd.DataFrame, forecast: DemandForecast, target: float, policy: PolicyConfig
) -> pd.DataFrame:
    """Items with the changed target as everybody's own service level, as an override sets it."""
    items = items.assign(**{name: np.nan for name in _SERVICE if name not in items})
    given = pd.DataFrame({"unique_id": forecast.unique_ids, "kind": SERVICE_LEVEL, "value": target})
    return with_service_levels(items, given.reindex(columns=no_sku_overrides().columns), policy)[0]

"""What an action agrees on about one SKU: terms and lead times, as plan, deliveries and costs then have them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.decisions.past_days.true_deliveries import Deliveries
from distributions.distribution import Array, Distribution
from planning.cost.price_breaks import breaks_at
from planning.realised.lane_basis import LEAD_LEVELS

_SAME = 1e-6
_TERMS = {
    "moq": "moq",
    "order_multiple": "multiple",
    "ordering_cost": "ordering",
    "payment_days": "payment_days",
}
"""Column of an offer \u2192 its name in the basis of an action."""


@dataclass(frozen=True)
class Agreed:
    """What is agreed about a SKU; NaN: as it is.

    Attributes
    ----------
    moq, order_multiple, ordering_cost, payment_days : of the offer
    price_ratio : prices over those of before
    rejected : share rejected over that of before
    earlier, spread : days by which it comes sooner, and the share of the spread about the mean that remains
    """

    moq: float = np.nan
    order_multiple: float = np.nan
    ordering_cost: float = np.nan
    payment_days: float = np.nan
    price_ratio: float = 1.0
    rejected: float = 1.0
    earlier: float = 0.0
    spread: float = 1.0


AS_IT_IS = Agreed()


def can_be_played(basis: dict[str, Any]) -> bool:
    """Whether the plays of a past day show what an action does: an order changed, another vendor, or other terms."""
    skus = basis.get("skus", [])
    return bool(skus) and all(_shows(sku) for sku in skus)


def _shows(sku: dict[str, Any]) -> bool:
    """Whether a play of one SKU shows it: neither its reviews nor who pays for its stock are changed."""
    after, before = sku.get("after"), sku["before"]
    if not after:
        return "line" in sku or bool(sku.get("ordered"))
    if after["supplier_id"] != before["supplier_id"]:
        return True
    same = all(_near(before[name], after[name]) for name in ("review", "holding"))
    return same and agreed_of(sku) != AS_IT_IS


def agreed_of(sku: dict[str, Any]) -> Agreed:
    """What is agreed about one SKU of an action's basis; nothing where it is bought elsewhere or an order changes."""
    before, after = sku["before"], sku.get("after")
    if not after or after["supplier_id"] != before["supplier_id"]:
        return AS_IT_IS
    terms: dict[str, float] = {
        name: float(after[part] or 0.0)
        for name, part in _TERMS.items()
        if not _near(before[part], after[part])
    }
    for name, part in (("price_ratio", "unit"), ("rejected", "rejected")):
        if before[part] and not _near(before[part], after[part]):
            terms[name] = float(after[part]) / float(before[part])
    old, new = (Distribution(LEAD_LEVELS, np.array([lane["lead_days"]], float)) for lane in (before, after))
    if not np.allclose(old.values, new.values, atol=0.01):
        terms["earlier"] = float(old.mean()[0] - new.mean()[0])
        terms["spread"] = float(new.std()[0] / old.std()[0]) if old.std()[0] > 0 else 1.0
    return Agreed(**terms)


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME * max(1.0, abs(one))


def on_agreed_terms(offers: pd.DataFrame) -> pd.DataFrame:
    """Offers of variants with the terms that were agreed, from their columns `own_…`."""
    result = offers.copy()
    for name in _TERMS:
        result[name] = offers[f"own_{name}"].fillna(offers[name].astype(float))
    ratio = offers["own_price_ratio"].to_numpy(float)
    result["unit_price"] = offers["unit_price"].astype(float) * ratio
    texts = zip(offers["price_breaks"].tolist(), ratio.tolist(), strict=True)
    result["price_breaks"] = [
        text if share == 1 or not text else breaks_at(text, share) for text, share in texts
    ]
    return result


def agreed_delivery(
    delivery: Deliveries, mean: Array, earlier: Array, spread: Array, rejected: Array
) -> Deliveries:
    """Deliveries (k,) as a supplier that keeps what was agreed makes them; `mean` is that of its lead time, days."""
    lead = delivery.last_day - delivery.sent_day
    agreed = np.maximum(np.round(mean + spread * (lead - mean) - earlier), 1.0)
    lead_now = np.where((earlier != 0) | (spread != 1), agreed, lead)
    first = np.minimum(delivery.first_day - delivery.sent_day, lead_now)
    units = delivery.last_units + delivery.rejected
    bad = np.where(rejected != 1, np.round(delivery.rejected * rejected), delivery.rejected)
    return Deliveries(
        delivery.sent_day,
        delivery.sent_day + np.where(delivery.first_units > 0, first, delivery.first_day - delivery.sent_day),
        delivery.first_units,
        delivery.sent_day + lead_now,
        units - bad,
        bad,
    )

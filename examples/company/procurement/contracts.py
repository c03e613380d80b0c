"""Simulated: what was agreed with suppliers: price and lead time of a SKU for a year, or terms of a category.

About half of the preferred offers have a contract at 0.5 to 5 % below the offer, with the offer's lead time, a share of
lines on time and in full, and about the year's volume. A tenth of them ended in 2017, a fifth end within two months
after the as-of day, the others in a year. Some suppliers have agreed on a category, without a price.
"""

import numpy as np
import pandas as pd

_SHARE = 0.5
_ENDED, _ENDING = 0.1, 0.2
_DISCOUNT = (0.95, 0.995)
_SLA = (0.85, 0.9, 0.95, 0.98)
_OF_CATEGORIES = 6


def make_contracts(
    offers: pd.DataFrame,
    orders: pd.DataFrame,
    items: pd.DataFrame,
    as_of: pd.Timestamp,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The demo's table `contracts` as known on `as_of`, from the offers and what was ordered."""
    preferred = offers[offers["preferred"]].sort_values("unique_id", ignore_index=True)
    single = preferred[rng.random(len(preferred)) < _SHARE].reset_index(drop=True)
    lane = ["supplier_id", "unique_id"]
    ordered = orders.groupby(lane)["quantity_ordered"].sum().reindex(pd.MultiIndex.from_frame(single[lane]))
    volume = np.maximum(
        10.0, 10 * np.rint(ordered.fillna(0.0).to_numpy() * rng.uniform(0.8, 1.2, len(single)) / 10)
    )
    agreed = pd.DataFrame(
        {
            "supplier_id": single["supplier_id"],
            "unique_id": single["unique_id"],
            "category": None,
            "price": np.maximum(0.01, single["unit_price"] * rng.uniform(*_DISCOUNT, len(single))).round(3),
            "lead_time_days": single["lead_time_days"],
            "volume": volume,
        }
    )
    both = pd.concat([agreed, _of_categories(preferred, items)], ignore_index=True)
    of_what = both[["supplier_id", "unique_id", "category"]].astype(object)
    return pd.DataFrame(
        {
            "contract_id": [f"C-{number:03d}" for number in range(1, len(both) + 1)],
            **of_what.where(of_what.notna(), None),
            "valid_from": offers["valid_from"].min(),
            "valid_to": _ends(len(both), as_of, rng),
            **both[["price", "lead_time_days"]].astype(float),
            "sla": rng.choice(_SLA, len(both)),
            "volume": both["volume"].astype(float),
        }
    )


def _of_categories(preferred: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Contracts for a category at the suppliers that are preferred for most of its SKUs, without price and volume."""
    category = preferred["unique_id"].map(items.set_index("unique_id")["category"])
    pairs = preferred.assign(category=category).groupby(["supplier_id", "category"])["lead_time_days"]
    found = pairs.agg(skus="size", lead_time_days="median").reset_index()
    found = found.sort_values(["skus", "supplier_id", "category"], ascending=[False, True, True])
    return found.head(_OF_CATEGORIES)[["supplier_id", "category", "lead_time_days"]]


def _ends(count: int, as_of: pd.Timestamp, rng: np.random.Generator) -> pd.Series:
    """Last days of the contracts: before `as_of`, within two months after it, or in a year."""
    kind = rng.random(count)
    days = np.where(kind < _ENDED, -rng.integers(5, 180, count), 364)
    days = np.where((kind >= _ENDED) & (kind < _ENDED + _ENDING), rng.integers(3, 59, count), days)
    return as_of + pd.Series(pd.to_timedelta(days, unit="D"))

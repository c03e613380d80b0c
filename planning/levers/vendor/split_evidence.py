"""What the worklist says of a dual source: the numbers behind it, its title and evidence."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, price, quantity, share, signed_number
from distributions.distribution import Array
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.levers.vendor.best_splits import PARTS, Splits


def split_facts(assessment: Assessment, found: Splits, worth: PlayedWorth) -> pd.DataFrame:
    """Numbers behind the evidence of dual sources, one row each."""
    terms, names = assessment.lane_terms, assessment.names
    unit_price = terms.costs.prices.price(terms.order_size)
    mean, std = terms.lead_time.mean(), terms.lead_time.std()
    supplier_id = terms.lanes["supplier_id"].to_numpy(object)
    columns: dict[str, Any] = {}
    for name, lanes in (("base", found.base), ("surge", found.surge)):
        columns |= {
            f"{name}_supplier_id": supplier_id[lanes],
            f"{name}_name": [names.supplier(each) for each in supplier_id[lanes]],
            f"{name}_price": unit_price[lanes],
            f"{name}_lead_time": mean[lanes],
            f"{name}_lead_time_std": std[lanes],
        }
    return pd.DataFrame(
        {
            **columns,
            "base_share": 1 - found.surge_share,
            "surge_share": found.surge_share,
            "base_reorder_point": found.base_point,
            "surge_reorder_point": found.surge_point,
            "base_point_share": _share_of_own(found.base_point, terms.reorder_point[found.base]),
            "surge_point_share": _share_of_own(found.surge_point, terms.reorder_point[found.surge]),
            "yearly_demand": terms.demand.yearly[found.base],
            "missed_now": found.missed_now,
            "missed_then": found.missed,
            "all_from_other": found.now.mean(axis=1) - found.other.mean(axis=1),
            "more_stock": found.now.mean(axis=1) - found.stocked,
            **{f"change_{name}": found.change[name] for name in PARTS},
            **worth.facts(),
        }
    )


def _share_of_own(point: Array, own: Array) -> Array:
    """Reorder points (k,) that were played as shares of those that the lanes have alone: what later plans go by."""
    return np.asarray(np.divide(point, own, out=np.ones(len(own)), where=own > 0))


def describe_split(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a dual source, from the action's row."""
    changes = [(part, getattr(a, f"change_{part}")) for part in PARTS]
    listed = ", ".join(f"{name} {signed_number(value)}" for name, value in changes if abs(value) >= 0.5)
    other = a.all_from_other
    instead = (
        f"All from {a.alternative} would save {money(other, currency)}"
        if other >= 0
        else f"All from {a.alternative} would cost {money(-other, currency)} more"
    )
    evidence = (
        f"{a.base_name} takes {number(a.base_lead_time)} ± {days(a.base_lead_time_std)} and asks "
        f"{price(a.base_price, currency)}, {a.surge_name} {number(a.surge_lead_time)} ± "
        f"{number(a.surge_lead_time_std)} and {price(a.surge_price)}. Order from {a.base_name} where stock and all "
        f"orders fall below {quantity(a.base_reorder_point)}, from {a.surge_name} where what will be here within its "
        f"lead time falls below {quantity(a.surge_reorder_point)}: of {quantity(a.yearly_demand)} units a year "
        f"{share(a.base_share)} then come from {a.base_name} and {share(a.surge_share)} from {a.surge_name}. The costs "
        f"change by: {listed or 'nothing'}; {money(a.worth, currency)} less a year in all, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}, and {number(a.missed_then)} instead of "
        f"{number(a.missed_now)} units are missed. {instead}, more stock from {a.supplier} "
        f"{f'save {money(a.more_stock, currency)}' if a.more_stock >= 0.5 else 'save nothing'}."
    )
    title = f"Buy {a.sku} from {a.base_name} and top up from {a.surge_name}: {_split(a.base_share)}"
    return title, evidence


def _split(base_share: float) -> str:
    """A split in words: `80 % to 20 %`."""
    base = np.clip(round(100 * base_share), 1, 99)
    return f"{base:.0f} to {100 - base:.0f}"


def best_of_each(sku: NDArray[np.intp], worth: PlayedWorth, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of `rows` the one of each SKU, `sku` (n,), that is worth most."""
    rows = rows[np.lexsort((-worth.mean[rows], sku[rows]))]
    return rows[np.flatnonzero(np.diff(sku[rows], prepend=-1))]

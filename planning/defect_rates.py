"""Defect rates: the share of received units that is rejected, by lane, supplier and company, as far as it is known."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

_LANE = ["supplier_id", "unique_id"]
_NEEDED = {*_LANE, "quantity_ordered", "quantity_received", "quantity_rejected", "received_at"}


def _no_rates() -> pd.Series:
    """Defect rates of which none is known."""
    return pd.Series(dtype=float)


@dataclass(frozen=True)
class DefectRates:
    """Defect rates learned from past receipts, shares from 0 to 1.

    Attributes
    ----------
    company : share rejected of all
    suppliers : by supplier_id, drawn towards the company's
    lanes : by supplier_id and unique_id, drawn towards their supplier's
    """

    company: float = 0.0
    suppliers: pd.Series = field(default_factory=_no_rates)
    lanes: pd.Series = field(default_factory=_no_rates)

    @classmethod
    def learn(cls, purchase_orders: pd.DataFrame) -> Self:
        """Defect rates from the received lines of the table `purchase_orders` that say how much of them was rejected.

        A lane counts by its lines, and each of its lines by its units beside those of the lane's others.
        """
        lines = _inspected_lines(purchase_orders)
        if not (lines["rejected"] > 0).any():
            return cls()
        (supplier, suppliers), (sku, skus) = (pd.factorize(lines[name].to_numpy(object)) for name in _LANE)
        lane, pairs = pd.factorize(supplier * len(skus) + sku)
        lanes = pd.MultiIndex.from_arrays([suppliers[pairs // len(skus)], skus[pairs % len(skus)]])
        received = lines["received"].to_numpy(float)
        share = lines["rejected"].to_numpy(float) / received
        weight = received / (np.bincount(lane, received) / np.bincount(lane))[lane]
        company = float(np.average(share, weights=weight))
        everyone = np.zeros(len(lines), np.intp)
        by_supplier = _shrunk_shares(share, weight, supplier, everyone, np.array([company]))
        by_lane = _shrunk_shares(share, weight, lane, supplier, by_supplier)
        return cls(company, pd.Series(by_supplier, suppliers), pd.Series(by_lane, lanes))

    def of_lanes(self, supplier_ids: pd.Series, unique_ids: pd.Series) -> Array:
        """Defect rate of each lane (n,): its own, else its supplier's, else the company's; 0 where none is known."""
        if self.lanes.empty:
            return np.zeros(len(supplier_ids))
        own = self.lanes.reindex(pd.MultiIndex.from_arrays([supplier_ids, unique_ids])).to_numpy(float)
        of_supplier = self.suppliers.reindex(supplier_ids).fillna(self.company).to_numpy(float)
        return np.asarray(np.where(np.isnan(own), of_supplier, own))


def _inspected_lines(purchase_orders: pd.DataFrame) -> pd.DataFrame:
    """Lines with units received and a number of rejected ones: supplier_id, unique_id, received, rejected.

    An order that still comes in parts is left out: what is rejected of it may not be booked yet.
    """
    if not set(purchase_orders.columns) >= _NEEDED:
        return pd.DataFrame(columns=[*_LANE, "received", "rejected"])
    ordered, rejected = purchase_orders["quantity_ordered"], purchase_orders["quantity_rejected"]
    ended = purchase_orders["received_at"].notna()
    received = purchase_orders["quantity_received"].fillna(ordered.where(ended))
    inspected = rejected.notna() & (received > 0) & (ended | (received >= ordered))
    lines = purchase_orders[_LANE].assign(received=received, rejected=np.minimum(rejected, received))
    return lines[inspected]


def _shrunk_shares(
    share: Array, weight: Array, group: NDArray[np.intp], parent: NDArray[np.intp], of_parent: Array
) -> Array:
    """Share (g,) of each group drawn to its parent's, as far as chance may explain the difference: μ + Z·(x̄ − μ).

    Z = n / (n + σ²/τ²) with n the lines of the group, σ² the variance between lines of a group and τ² that between
    groups of a parent (Bühlmann and Straub 1970, "Glaubwürdigkeit für Schadensätze"). Groups are not told apart where
    none has more than one line.

    Parameters
    ----------
    share, weight : arrays (k,), of each line
    group, parent : arrays (k,), number of the line's group and of its parent, each from 0 on
    of_parent : array, shrunk share of each parent
    """
    n = np.bincount(group, weight)
    mean = np.bincount(group, weight * share) / n
    parent_of_group = np.zeros(len(n), np.intp)
    parent_of_group[group] = parent
    of_all = np.bincount(parent, weight)
    parent_mean = (np.bincount(parent, weight * share) / of_all)[parent_of_group]
    target = of_parent[parent_of_group]
    if len(n) == len(share):
        return target
    noise = float((weight * (share - mean[group]) ** 2).sum()) / (len(share) - len(n))
    spread = float((n * (mean - parent_mean) ** 2).sum()) - (len(n) - len(of_all)) * noise
    room = float(n.sum() - (n**2 / of_all[parent_of_group]).sum())
    between = max(spread, 0.0) / room if room > 0 else 0.0
    credible = np.divide(n * between, n * between + noise, out=np.zeros(len(n)), where=n * between > 0)
    return np.asarray(target + credible * (mean - target))

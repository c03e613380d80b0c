"""Lead times that a buyer's suppliers agreed to: how they deliver from then on, and when plans count on it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.past_days.agreed import agreed_delivery, agreed_of
from benchmarks.decisions.past_days.true_deliveries import Deliveries
from planning.lanes.agreed_lead_times import AGREED_LEAD
from planning.realised.effects import SEEN_ORDERS

_KEYS = ["supplier_id", "unique_id"]
_AS_IT_IS = {"earlier": 0.0, "spread": 1.0, "mean": 0.0}


@dataclass
class LeadAgreements:
    """Agreements on lead times, a row a lane; suppliers keep them.

    Attributes
    ----------
    lanes : action_id, supplier_id, unique_id, from_day (of the play), longest and mean (days), earlier and spread
        (`agreed.Agreed`); the last about a lane last
    """

    lanes: pd.DataFrame

    @classmethod
    def none(cls) -> "LeadAgreements":
        """Nothing agreed."""
        return cls(pd.DataFrame(columns=["action_id", *_KEYS, "from_day", "longest", *_AS_IT_IS]))

    def add(self, action: Any, facts: dict[str, Any], skus: list[dict[str, Any]], day: int) -> None:
        """Add what an action agrees on: its `skus`, as its basis has them, from a day of the play on."""
        rows = []
        for sku in skus:
            longest = facts["longest_days"].get(sku["unique_id"])
            if longest is None:
                continue
            agreed, mean = agreed_of(sku), float(np.mean(sku["before"]["lead_days"]))
            lane = (action.action_id, action.supplier_id, sku["unique_id"], day, float(longest))
            rows.append((*lane, agreed.earlier, agreed.spread, mean))
        new = pd.DataFrame(rows, columns=self.lanes.columns)
        self.lanes = pd.concat([self.lanes, new], ignore_index=True) if len(self.lanes) else new

    def deliver(
        self, supplier: NDArray[np.object_], sku: NDArray[np.object_], luck: Deliveries
    ) -> Deliveries:
        """Deliveries (k,) of order lines as suppliers that keep their agreements make them."""
        last = self.lanes.drop_duplicates(_KEYS, keep="last").set_index(_KEYS)[list(_AS_IT_IS)]
        own = last.reindex(pd.MultiIndex.from_arrays([supplier, sku])).astype(float).fillna(_AS_IT_IS)
        each = {name: own[name].to_numpy(float) for name in _AS_IT_IS}
        return agreed_delivery(luck, each["mean"], each["earlier"], each["spread"], np.ones(len(own)))

    def on_offers(
        self, offers: pd.DataFrame, lines: pd.DataFrame, today: pd.Timestamp, t: int
    ) -> pd.DataFrame:
        """The offers with what was agreed, as plans read it: they count on it once enough orders placed since came.

        Parameters
        ----------
        lines : all order lines of the play with supplier_id, unique_id, sent_day and last_day
        today, t : first day of the play, and the day of it
        """
        if self.lanes.empty:
            return offers
        since = lines.merge(self.lanes, on=_KEYS)
        since = since[(since["sent_day"] >= since["from_day"]) & (since["last_day"] < t)]
        seen = since.groupby("action_id").size()
        last = self.lanes.drop_duplicates(_KEYS, keep="last")
        agreed = last[_KEYS].assign(
            agreed_lead_days=last["longest"].astype(float),
            agreed_lead_from=today + pd.to_timedelta(last["from_day"].astype(float), unit="D"),
            agreed_lead_counts=last["action_id"].map(seen).fillna(0) >= SEEN_ORDERS,
            agreed_lead_note=None,
        )
        result = offers.drop(columns=list(AGREED_LEAD), errors="ignore").merge(agreed, on=_KEYS, how="left")
        return result.assign(agreed_lead_counts=result["agreed_lead_counts"].eq(other=True))

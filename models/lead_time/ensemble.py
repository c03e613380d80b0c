"""The lead-time forecaster that serves: learned where there is history, contract where there is none."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from models.config import LeadTimeConfig
from models.lead_time.empirical import ShrunkEmpirical
from models.lead_time.estimator import Estimator
from models.lead_time.snapshots import usable
from planning.distributions import LEAD_TIME_LEVELS, Distribution


class LeadTimeForecaster(Estimator):
    """Learned lead times, with the contract where a supplier has no history.

    Parameters
    ----------
    config : the `lead_time` section
    seed : for the sampling of orders in the inner backtest
    """

    def __init__(self, config: LeadTimeConfig | None = None, seed: int = 0) -> None:
        self.config = config
        self.seed = seed

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the frame of `features.orders.order_history`."""
        self.config_ = self.config or LeadTimeConfig()
        rows = usable(orders)
        closed = rows[~rows["is_open"].astype(bool)]
        self.counts_ = closed.groupby("supplier_id").size().rename("n_orders").astype(int)
        self.model_ = ShrunkEmpirical(half_life_days=self.config_.half_life_days).fit(orders)
        return self

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each row; see `describe` for where each comes from."""
        values = self.model_.predict(orders).values.copy()
        by_contract = (self.describe(orders)["source"] == "contract").to_numpy()
        days = orders["contract_days"].to_numpy(float)[by_contract] if by_contract.any() else np.empty(0)
        values[by_contract] = Distribution.certain(days).values
        return Distribution(LEAD_TIME_LEVELS, values)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Where each row's distribution comes from.

        Returns
        -------
        DataFrame
            `source`: learned (the supplier has closed orders), contract, pooled (from all suppliers) or
            unknown (no order of any supplier is known and no contract); `n_orders`: closed orders of the supplier.
        """
        n_orders = orders["supplier_id"].map(self.counts_).fillna(0).astype(int)
        contract = orders["contract_days"] if "contract_days" in orders else pd.Series(np.nan, orders.index)
        by_contract = contract.notna() & ((self.config_.source == "contract") | (n_orders == 0))
        pooled = "pooled" if len(self.counts_) else "unknown"
        source = np.where(by_contract, "contract", np.where(n_orders > 0, "learned", pooled))
        return pd.DataFrame({"source": source, "n_orders": n_orders.to_numpy()}, index=orders.index)

    def save(self, folder: Path) -> None:
        """Write the fitted state as JSON and Parquet into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {"config": self.config_.model_dump(mode="json"), "seed": self.seed}
        (folder / "lead_time.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        self.counts_.reset_index().to_parquet(folder / "suppliers.parquet", index=False)
        self.model_.save(folder / "empirical")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        facts = json.loads((folder / "lead_time.json").read_text(encoding="utf-8"))
        model = cls(LeadTimeConfig.model_validate(facts["config"]), facts["seed"])
        model.config_ = LeadTimeConfig.model_validate(facts["config"])
        model.counts_ = pd.read_parquet(folder / "suppliers.parquet").set_index("supplier_id")["n_orders"]
        model.model_ = ShrunkEmpirical.load(folder / "empirical")
        return model

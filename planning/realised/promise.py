"""A promise: what an approved action was said to be worth, frozen with its assumptions when somebody approved it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planning.cost.lane_costs import DAYS_A_YEAR


@dataclass(frozen=True)
class Promise:
    """An approval, with what the action promised then.

    Attributes
    ----------
    decision_id, action_id : the approval and its action
    kind, unique_id, supplier_id, alternative_supplier_id, title, quantity : of the action, as it was proposed
    who, decided_on : who approved it, and when
    worth, low, high : money, a year or once, as `worth_period` says, and the range that holds it in 80 of 100 cases
    chance : that it is worth more than its effort
    effort, worth_in_horizon : money
    facts, basis : the numbers behind it, and what it is played by (`planning.realised.action_basis`)
    agreed : own numbers that hold in the place of those proposed
    done_on, done_by : when somebody said that it was carried out, and who; none where nobody did
    seen : SKU → day on which an earlier plan run first saw that it is in effect
    """

    decision_id: int
    action_id: str
    kind: str
    unique_id: str
    supplier_id: str | None
    alternative_supplier_id: str | None
    title: str
    quantity: float | None
    who: str
    decided_on: date
    worth: float
    worth_period: str
    low: float | None
    high: float | None
    chance: float | None
    effort: float
    worth_in_horizon: float
    facts: dict[str, Any] = field(default_factory=dict)
    basis: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, float] = field(default_factory=dict)
    done_on: date | None = None
    done_by: str | None = None
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def yearly(self) -> bool:
        """Whether it promises its worth every year."""
        return self.worth_period == "year"

    @property
    def planned_on(self) -> pd.Timestamp:
        """The day of the plan that proposed it."""
        return pd.Timestamp(self.basis.get("as_of") or self.decided_on)

    @property
    def skus(self) -> list[dict[str, Any]]:
        """Its SKUs as the basis has them; none where it changes no terms and no order."""
        return list(self.basis.get("skus", ()))

    @property
    def counts_for_days(self) -> float:
        """Days from its effect on over which it is counted: a year, or the plan's horizon for what happens once."""
        return DAYS_A_YEAR if self.yearly else float(self.basis.get("horizon_days") or DAYS_A_YEAR)

    def until(self, begin: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float, float]:
        """What it promised from `begin` to `end`: money, and the range; NaN where it states none.

        What pays every year does so from the day on which the stock of the time is used up; a part of a year has its
        share of the worth, and the root of it of the range's width. What happens once is promised whole.
        """
        share = 1.0
        if self.yearly:
            starts = max(self.planned_on + pd.Timedelta(days=self._unpaid_days), begin)
            share = float(np.clip((end - starts) / pd.Timedelta(days=DAYS_A_YEAR), 0.0, 1.0))
        money = share * self.worth
        low, high = (np.nan if each is None else float(each) for each in (self.low, self.high))
        root = np.sqrt(share)
        return money, money + root * (low - self.worth), money + root * (high - self.worth)

    @property
    def _unpaid_days(self) -> float:
        """Days from the plan on in which it pays nothing yet."""
        horizon = float(self.basis.get("horizon_days") or DAYS_A_YEAR)
        if not self.worth:
            return 0.0
        return float(np.clip(horizon - DAYS_A_YEAR * self.worth_in_horizon / self.worth, 0.0, horizon))

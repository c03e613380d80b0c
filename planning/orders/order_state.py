"""The state that today's orders are decided in: positions, terms and what each SKU alone would order."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.lanes.lane_terms import LaneTerms
from planning.orders.marginal_worth import LineWorth
from planning.orders.supplier_terms import SupplierTerms, unit_loads

_RATE_DAYS = 91.0
"""Days ahead over which the rate of demand is taken."""
_SLOWEST = 1e-9
TOLERATED = 2.0
"""Times the risk that a SKU's target accepts, up to which it may wait one review for its supplier's minimum."""


@dataclass(frozen=True)
class OrderState:
    """The state of m SKUs, sorted as their plan, at S suppliers; array (m,) or m rows each.

    Attributes
    ----------
    terms : of the chosen lanes
    forecast : of all SKUs
    row : the SKU's row in the forecast
    position : counted inventory position, units
    alone : units that the SKU alone would order today
    settled : people have settled its order, or ordered it today already: nothing changes that
    safe : its stockout risk, if it is not ordered before the next review, is at most `TOLERATED` times the accepted
    supplier : row of its supplier in `suppliers`
    suppliers : terms of the S suppliers
    loads : (m, 3), weight, volume and pallets of a unit; NaN where not known
    review : days between reviews
    topped_up : how many of the last rows are top-ups from a surge supplier: of SKUs that have a row before as well
    elapsed : days between the start of the forecast and now
    """

    terms: LaneTerms
    forecast: DemandForecast
    row: NDArray[np.intp]
    position: Array
    alone: Array
    settled: NDArray[np.bool_]
    safe: NDArray[np.bool_]
    supplier: NDArray[np.intp]
    suppliers: SupplierTerms
    loads: Array
    review: float
    elapsed: float
    topped_up: int = 0

    @classmethod
    def of(cls, assessment: Assessment) -> Self:
        """The order state of those SKUs of an assessment whose stock and supplier are known."""
        decision, setting, inputs = assessment.decision, assessment.setting, assessment.inputs
        settled, overrides = decision.answered, assessment.overrides
        settled = settled if overrides is None else settled | overrides.settled
        supplier_id = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object)
        row = np.flatnonzero(decision.known & pd.notna(supplier_id))
        added = assessment.top_ups
        some = np.flatnonzero(added.quantity > 0)
        pairs = added.pairs
        terms = pairs.terms.select(np.concatenate([assessment.chosen_lane[row], pairs.surge[some]]))
        supplier, names = pd.factorize(terms.lanes["supplier_id"].to_numpy(object), sort=True)
        position = np.concatenate([decision.counted_position[row], added.position[some]])
        skipped = 1 - terms.demand.lead_time_demand.cdf(position)
        row = np.concatenate([row, pairs.sku[some]])
        own = np.arange(len(row)) < len(row) - len(some)
        return cls(
            terms=terms,
            forecast=assessment.forecast,
            row=row,
            position=position,
            alone=np.concatenate([decision.quantity[row[own]], added.quantity[some]]),
            settled=settled[row] & own,
            safe=own & (skipped <= TOLERATED * decision.accepted_risk[row]),
            supplier=np.asarray(supplier, np.intp),
            suppliers=SupplierTerms.of(inputs.suppliers, np.asarray(names, object)),
            loads=unit_loads(inputs.items, assessment.forecast.unique_ids[row]),
            review=cycle_days(setting.policy),
            elapsed=setting.elapsed,
            topped_up=len(some),
        )

    def __len__(self) -> int:
        return len(self.row)

    @property
    def above(self) -> Array:
        """Units (m,) of the position above the reorder point."""
        return self.position - self.terms.reorder_point

    @property
    def own(self) -> NDArray[np.bool_]:
        """Rows (m,) of SKUs on their chosen lane: all but top-ups, which are ordered as they are agreed."""
        return np.arange(len(self)) < len(self) - self.topped_up

    @property
    def priced(self) -> NDArray[np.bool_]:
        """SKUs (m,) of this order state that are bought at known costs, neither settled nor top-ups: can be raised."""
        possible = self.terms.bought & self.terms.costs.known & ~self.terms.limits.impossible
        return np.asarray(possible & ~self.settled & self.own)

    def line_worth(self, lot: Array, above: Array) -> LineWorth:
        """What an order line of each SKU is worth by its quantity, its usual `lot` (m,) and units `above` (m,) s."""
        costs = self.terms.costs
        rate = self.forecast.mean_until(_RATE_DAYS, elapsed=self.elapsed, rows=self.row) / _RATE_DAYS
        sells = np.maximum(self.terms.sellable - np.maximum(above, 0.0), 0.0)
        return LineWorth(
            above=above,
            daily=np.maximum(rate, _SLOWEST),
            holding=np.nan_to_num(costs.holding) / DAYS_A_YEAR,
            line_cost=costs.ordering,
            lot=lot,
            position=self.position,
            shortage=np.nan_to_num(costs.shortage),
            demand=self.terms.demand.lead_time_demand,
            prices=costs.prices,
            limits=self.terms.limits,
            saved=np.zeros(len(self)),
            most=sells,
        )

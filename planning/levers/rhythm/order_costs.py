"""What the orders of a year to a supplier cost beside their lines: the order itself, and its freight."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.levers.orders_a_year import joint_orders_a_year
from planning.orders.supplier_terms import SupplierTerms, unit_loads


@dataclass(frozen=True)
class OrderCosts:
    """Costs of the joint orders of one supplier.

    Attributes
    ----------
    orders : orders a year
    an_order : money each, beside its lines: ordering cost and freight
    """

    orders: float
    an_order: float

    @property
    def yearly(self) -> float:
        """Money a year."""
        return self.orders * self.an_order


def order_costs(assessment: Assessment, skus: NDArray[np.intp], lines: Array, review: float) -> OrderCosts:
    """Costs of the orders to the supplier of some SKUs (k,), which have so many `lines` (k,) a year.

    No more orders go out than reach the supplier's minimum, and freight is that of the average order.

    Parameters
    ----------
    review : days between the reviews at which the supplier is ordered from
    """
    terms = assessment.chosen_terms
    supplier = terms.lanes["supplier_id"].to_numpy(object)[skus[:1]]
    of = SupplierTerms.of(assessment.inputs.suppliers, supplier)
    units = terms.demand.yearly[skus]
    goods = float((units * terms.costs.unit[skus]).sum())
    orders = joint_orders_a_year(lines, review)
    for whole, least in ((goods, of.minimum_value[0]), (float(units.sum()), of.minimum_quantity[0])):
        orders = min(orders, whole / least) if least > 0 else orders
    if orders <= 0:
        return OrderCosts(0.0, 0.0)
    loads = np.nan_to_num(unit_loads(assessment.inputs.items, assessment.forecast.unique_ids[skus]))
    share = (loads * units[:, None]).sum(axis=0) / orders / of.capacity[0]
    freight = of.freight_of(np.array([goods / orders]), np.array([share.max()]))
    return OrderCosts(orders, float(of.ordering_cost[0] + freight[0]))

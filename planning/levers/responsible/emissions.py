"""Emissions of what is bought: units × weight × the supplier's factor."""

import numpy as np

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.inputs import numbers_by_sku
from planning.levers.moves import Moves


def lane_emissions(assessment: Assessment) -> Array:
    """Emissions a year (lanes,) of buying each lane's SKU there, in units of `suppliers.emission_factor`.

    Units a year × `items.weight` × the factor, which is per unit of weight; a SKU without a weight counts 1 a unit. NaN
    where the supplier has no factor.
    """
    terms, suppliers = assessment.lane_terms, assessment.inputs.suppliers
    if "emission_factor" not in suppliers:
        return np.full(len(terms.lanes), np.nan)
    factors = (
        suppliers.drop_duplicates("supplier_id").set_index("supplier_id")["emission_factor"].astype(float)
    )
    factor = terms.lanes["supplier_id"].map(factors).to_numpy(float)
    weight = numbers_by_sku(assessment.inputs.items, "weight", terms.lanes["unique_id"].to_numpy(object))
    units = np.where(terms.bought, terms.demand.yearly, 0.0)
    return np.asarray(units * np.where(np.isnan(weight), 1.0, weight) * factor)


def emissions_saved(assessment: Assessment, moves: Moves) -> Array:
    """Emissions a year that moves (k,) save; 0 where a factor is not known."""
    each = lane_emissions(assessment)
    return np.nan_to_num(each[moves.now] - each[moves.there])

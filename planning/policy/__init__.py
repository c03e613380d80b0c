"""Replenishment policy: from lead-time demand and a target to reorder point and order size.

Reading map:

- `lead_time_demand.py`: the distribution of D(L+R), an exact mixture. Read first.
- `targets.py`: which target, at what level; `order_rules.py`: calibrated corrections of the critical fractile.
- `reorder_points.py`: the reorder point that meets a target, and what it leaves short and over.
- `order_size.py`: economic order quantity, MOQ, multiple, maximum and price breaks.
- `order_terms.py`: today's order for an inventory position, on all of the above.
- `dual_index.py`: of two suppliers of a SKU, when the slow one's order counts for the quick one's.
- `normal_formulas.py`: the textbook's normal formulas, to compare with.
"""

"""Levers on how often and on which days is ordered.

Reading map:

- `order_costs.py`: what the orders of a year to a supplier cost beside their lines. Read first.
- `consolidate_orders.py`: a lower ordering cost, as with the company's cheaper suppliers.
- `frequent_deliveries.py`: orders at twice as many reviews.
- `order_days.py`: reviews and a supplier's order days that do not fit.
- `eoq.py`: demand, ordering and holding cost of every SKU and supplier, and what a tenth less of them is worth.
"""

"""Projected stock if nothing more is ordered, with open orders as they may arrive, in scenarios common to all SKUs.

Reading map:

- `stock_status.py`, `stock_ages.py`, `open_orders.py`: stock on hand, how old it is, and the pipeline of open orders.
  Read first. `order_numbering.py`: the number of an order and of its supplier within a SKU, and whether its lines have
  one together.
- `never_arrives.py`, `first_parts.py`: the chance that an open order never comes, or comes in parts, given its age.
- `stock_projection.py`: risk, shortage and stock through time; `stock_paths.py`: the scenarios behind it.
- `scenario_levels.py`, `arrival_scenarios.py`, `demand_scenarios.py`: the random numbers, of arrivals and of demand.
- `expedite_calls.py`, `expedite_speed.py`, `expedite_value.py`: open orders that come sooner, and what that is worth.
"""

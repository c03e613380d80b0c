"""What buying, holding and missing a unit costs on each lane.

Reading map:

- `lane_costs.py`: unit, holding, shortage and ordering costs, and where they come from. Read first.
- `price_breaks.py`: all-units quantity discounts.
- `total_cost.py`: all that a lane costs a year, by its parts; `shelf_life.py`: units that spoil;
  `payment_terms.py`: how long goods are paid for before they are there.
"""

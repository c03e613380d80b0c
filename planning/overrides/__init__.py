"""What people set in place of the model's numbers, put into the plan: forecasts, service levels, holds, quantities.

Reading map:

- `in_force.py`: which override holds for which SKU and period on a day, and which gives way. Read first; the columns of
  its tables are in `override_tables.py`.
- `forecast_overrides.py`: the demand forecast as people have it, with the model's mean beside; `sums_of_periods.py`:
  what becomes of the distributions of sums.
- `service_levels.py`: own service levels among the items; `order_overrides.py`: today's orders held back or fixed.
- `sentences.py`: what an override says, and what became of it.
- `plan_overrides.py`: all of a plan's together, and what its plan says of fixed quantities.
- `kept_forecasts.py`: overridden forecasts kept until demand has come; `value_added.py`: how far they helped.
"""

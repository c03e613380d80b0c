"""The ground of the house: distributions of demand and of lead time as quantile arrays, and arithmetic on them.

Reading map:
- `distribution.py`: `Distribution`, n quantile functions with their mean, cdf and expected excess; read first.
- `demand_forecast.py`: `DemandForecast`, n SKUs × h periods, with the demand of any number of days; read next.
- `time_position.py`: where a time lies among period ends, within the horizon and in the years after it.
- `levels.py`, `pinball.py`: the probability levels with their column names, and the loss of quantile forecasts.
- `outer_tail.py`: distributions continued beyond their outermost level, for high targets.
- `parametric.py`, `parallel.py`, `take_rows.py`: gamma lead times and normal demand; many rows in parallel threads;
  some rows of whatever holds n of them.
- `cancellation.py`: long work that stops at its next chunk when nobody waits for it any more.
"""

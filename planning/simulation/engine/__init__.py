"""The engine: what is decided is played, day by day, in many scenarios, before it is promised or priced.

Reading map:
`lane_play.py`: `play`, lanes under a policy in a world; read first. `inventory_kernel.py`: its compiled days.
`dual_play.py`, `dual_kernel.py`: the same of SKUs that two suppliers deliver at once.
`opening_state.py`: stock by age and open orders that a play begins with.
`demand_paths.py`, `period_draws.py`, `daily_demand.py`, `lead_time_draws.py`: the world, demand and lead times with the
forecasts' distributions.
`common_random_numbers.py`: the same luck for all that is compared, keyed by names.
"""

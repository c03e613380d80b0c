"""Simulation, period by period: ordering policies on random scenarios, and order rules on past cycles.

Reading map:

- `inventory.py`: stock, orders on their way, and what a period's demand makes of them. Read first.
- `simulate.py`: `ordering_policies.py` ((R,S), (s,S), (s,Q)) on common scenarios; `simulation_result.py`: service,
  stock and cost with their Monte Carlo error.
- `replay_past_cycles.py`: past cycles replayed with the forecasts of the time; `fractile_shifts.py`: the order rules
  that would have been cheapest in them.
- `engine/`: lanes of a company played day by day with their forecasts' distributions, offers and policies.
"""

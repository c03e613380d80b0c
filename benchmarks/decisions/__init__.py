"""The judge of decisions: what the product promises, beside brute force and beside what really came.

Reading map:
- `__main__.py`: the command; read first. `figures.py`: the tables that it prints, with error, target and verdict.
- `brute_force.py`: one lane day by day, slow and obvious, knowing nothing of the engine; read next.
- `known_lanes.py`: lanes whose distributions are known by name, for `offers.py`, `lots.py` and `service.py`.
- `demo_day.py`: the demo company on a day. `demo_years.py`: years of its lanes by brute force, for `perishables.py` and
  `vendors.py`. `year.py`: the year that a plan expects; `fill_rate.py`: what a fill rate costs in stock.
- `past_days/`: past days of the demo planned by what was known and played forward on what really came.
"""

"""Past days of the demo company, planned by what was known then and played forward on what really came.

Reading map:
- `truth.py`: the part of the judge, its days and figures; read first. `played_day.py`: one day; read next.
- `cast.py`: who is played: the top actions with and without, and SKUs for each target.
- `agreed.py`: what actions agree on, as plan, deliveries and costs have it.
- `opening.py`: what they begin with.
- `replanning.py`: the product's planner, made to plan again each Monday. `textbook_desk.py`: who plans beside it.
- `shown_orders.py`: open orders of a play as a plan's order history shows them.
- `company_play.py`: the days played. `true_deliveries.py`: what becomes of orders. `play_costs.py`: what it all cost.
"""

"""Three buyers play the demo company forward from past days: the plan with its list, the plan alone, a textbook desk.

Reading map:
- `__main__.py`: the days, and the table of what each buyer came to. Read first. `buyer_day.py`: one day; read next.
- `desk.py`: one buyer's company in play: its stock, orders and agreements, and the tables that a plan of it reads.
- `carry_out.py`: what becomes of the company when an action of the list is carried out. `changed_orders.py`: an open
  order line as it was agreed. `lead_agreements.py`: lead times that were agreed to.
- `spent.py`: what it all cost.
"""

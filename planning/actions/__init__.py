"""Actions on today's orders and open orders, each priced against leaving things as they are.

Reading map:

- `action_table.py`: what all actions share: columns, identity, worth, confidence. Read first.
- `engage_early.py`: the plan's next order placed, or announced, ahead of its review.
- `played_worth.py`: what an action is worth, as the difference of two plays; a year of lanes played.
- `chase.py`: open orders that will probably never come.
- `today_candidates.py`: what could be done otherwise today, and the best of it; it rests on `open_order_needs.py`: when
  each open order is needed. `change_open_order.py`: push back, reduce or cancel.
- `expedite.py` rests on `expedite_proposals.py`: which open orders to expedite, what it saves and costs.
"""

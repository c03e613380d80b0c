"""Sourcing actions, each priced against leaving things as they are.

Reading map:

- `worklist.py`: all actions of a day, the most valuable first. Read first.
- `one_plan.py`: what excludes what, and in which order actions are listed.
- `action_table.py`: what all actions share: columns, identity, worth, confidence.
- `engage_early.py`, `lower_moq.py`, `switch_vendor.py`: one kind of action each.
- `played_worth.py`: what a yearly action is worth, as the difference of two plays.
- `chase.py`: open orders that will probably never come.
- `today_candidates.py`: what could be done otherwise today, and the best of it; it rests on `open_order_needs.py`: when
  each open order is needed. `change_open_order.py`: push back, reduce or cancel.
- `expedite.py` rests on `expedite_proposals.py`: which open orders to expedite, what it saves and costs.
"""

"""The worklist: all actions of a day as one plan.

Reading map:

- `list_actions.py`: every lever asked, what brings most for its effort first. Read first.
- `joint_set.py`: yearly levers on the same SKUs resolved in play: each worth what it brings beside the better ones;
  it rests on `contradictions.py`: what cannot both be done.
- `one_plan.py`: effort, worth over the budget horizon, and what else excludes what.
- `daily_actions.py`: how many new ones a day brings.
"""

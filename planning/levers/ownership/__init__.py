"""Levers on who owns the stock and who replenishes it.

Reading map:

- `steady.py`: which demand is steady, and which lead times are predictable. Read first.
- `who_bears.py`: who bears which part of the costs before and after.
- `consignment.py`: the supplier owns stock that lies because of its lots; `vmi.py`: it replenishes.
- `kanban.py`: bins in place of a policy, their number and size by play; `kanban_plays.py` plays them.
- `jit.py`: call-offs of a review's need from a blanket order.
"""

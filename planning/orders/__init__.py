"""A supplier's order is one order: its lines share its cost, meet its terms together, and a budget binds them all.

Reading map:

- `joint_orders.py`: today's orders of all suppliers, step by step. Read first.
- `order_state.py`: what they are decided in; `supplier_terms.py`: what a supplier asks of an order as a whole.
- `marginal_worth.py`: what any quantity of a SKU is worth today. Everything below weighs with it.
- `shared_lines.py`: lots that last until the supplier's next order, and SKUs that join; on `join.py`, the criterion,
  and `due_dates.py`, when each SKU is due.
- `meet_terms.py`: minimum, free freight, containers: filled up, trimmed or put off; on `fill_up.py`.
- `keep_budgets.py`: orders within all budgets; on `budget.py`: one of them, what was spent of it and its price.
- `allocation.py`: quantities within a bound at the least cost, for terms and budgets alike.
"""

"""Simulated: how the demo company's goods are asked for, agreed on, paid for and kept, and what its sites use up.

Reading map:
- `tables.py`: all of it from the finished company, from a random stream of its own; read first.
- `requesters.py`: departments and sites of the orders, who asked and who approved.
- `contracts.py`: what was agreed with suppliers; `invoices.py`: what was paid.
- `inventory_lots.py`: the stock by lot; `supplies.py`: what the sites use up themselves, and their bins.
- `department_budgets.py`: money of the departments by month.
"""

"""The ledger beside a truth that only the simulation knows: actions of past days of the demo, approved and lived.

Reading map:
- `__main__.py`: the command; read first. `lived_day.py`: one past day lived on, with and without each action.
- `booked_day.py`: what the ledger books by the tables that each of these lives leaves behind.
"""

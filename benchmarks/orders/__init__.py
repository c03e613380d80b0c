"""The judge of suppliers' orders: each line alone, and the lines of a supplier as one order, played for a year.

Reading map:
- `__main__.py`: the command, and the figures that it prints; read first.
- `played_orders.py`: the year, week by week and day by day. `counted.py`: what it comes to, and terms that were broken.
"""

"""Benchmark of lead-time forecasts on the purchase orders of a coatings company (BPI Challenge 2019).

Reading map:
- `__main__.py`: the command: new orders at two origins, open orders at month ends, peers and Purvey in one run.
- `purchase_orders.py`: the data as tables.
"""

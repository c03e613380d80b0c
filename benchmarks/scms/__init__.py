"""Benchmark of lead-time forecasts on the SCMS delivery history.

Reading map:
- `__main__.py`: the command: new orders and open orders, peers and Purvey in one run; read first.
- `delivery_history.py`: the SCMS data as tables, and the orders judged.
- `scores.py`: pinball loss and coverage. `open_orders.py`: the table of open orders, of BPI 2019 too.
- `peers.py`: what others would forecast: lifelines, Kaplan–Meier, normal, empirical; and Purvey.
"""

"""Benchmark of lead-time forecasts where suppliers promise a day.

Reading map:
- `__main__.py`: the command: companies of five kinds, peers and Purvey in one run; read first.
- `companies.py`: simulated orders with promises of known worth.
- `peers.py`: what a promise alone would forecast.
"""

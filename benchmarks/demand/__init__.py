"""Benchmark of demand forecasts beside the models a user would pick instead.

Reading map:
- `__main__.py`: the command: every contender at every cutoff; read first.
- `data_sets.py`: the data sets as panels, and their cutoffs.
- `peers.py`, `lightgbm_peer.py`: what others would forecast: statsforecast, mlforecast, plain LightGBM; and Purvey.
- `scores.py`, `report.py`: the scores of all forecasts, and the tables printed.
"""

"""Benchmark of lead-time forecasts against suppliers whose true distributions are known.

Reading map:
- `__main__.py`: the command; read first.
- `scores.py`: the forecasts' CRPS above that of the true distribution.
- `received_curves.py`: how much of each open order has come by when.
- `known_distributions.py`: the simulated order histories, and the distributions behind them.
"""

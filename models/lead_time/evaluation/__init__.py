"""Inner evaluation of lead-time models: what earlier snapshots of the same orders show of members, weights and spread.

Reading map:
`crps.py`: the censored score that judges everything; read first. `backtest.py`: forecasts of members on snapshots.
`mixture.py`: weights of the members; `spread_calibration.py`: whether their mixture is too narrow.
`half_lives.py`, `shrinkage_strength.py`: how long orders count, and how many of others beside them.
"""

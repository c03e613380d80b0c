"""Inner evaluation of lead-time models: what earlier snapshots of the same orders show of members, weights and spread.

Reading map:
`crps.py`: the censored score that judges everything; read first. `backtest.py`: forecasts of members on snapshots.
`half_lives.py`, `shrinkage_strength.py`: how long an order counts, and how many orders of others beside it.
`half_lives.py`, `shrinkage_strength.py`: how long orders count, and how many of others beside them.
"""

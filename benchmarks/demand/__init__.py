"""Benchmark of demand forecasts beside the models a user would pick instead.

Reading map:
- `__main__.py`: the command: every contender at every cutoff; read first.
- `data_sets.py`: the data sets as panels, and their cutoffs. `plain_series.py`: those that are series and no more.
- `peers.py`, `ensemble_peer.py`, `own_past.py`: what others would forecast: statsforecast, alone and together, a SKU's
  own past; and Purvey. `lightgbm_peer.py`, `tuned_peer.py`, `boosting_peers.py`: LightGBM, mlforecast's and plain,
  tuned by Optuna; scikit-learn's boosting, and CatBoost where it is installed.
- `scores.py`, `report.py`: the scores of all forecasts, and the tables printed. `critical_difference.py`: mean ranks
  over all data sets, and how far they may be chance.
"""

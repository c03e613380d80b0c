"""Members of the lead-time mixture: each turns an order history into a lead-time distribution per order line.

Reading map:
`registry.py`: which members a history allows; read first. `contract.py`: what is used where a supplier has no history.
`empirical_average.py`, `empirical.py`, `nested_kaplan_meier.py` (with `group_keys.py`, `priors.py`): shrunk empirical.
`aft.py`, `censored_regression.py` (with `design_matrix.py`): the LogNormal regression on covariates.
`drifting_aft.py`, `kalman_drift.py`, `season.py`: that regression with suppliers that drift and have seasons.
`promise_error.py`: the promise of an order line moved by its usual error, in proportion or in days.
"""

"""The ensemble's members: models of expected demand, each forecasting the mean of all SKUs or of some classes.

Reading map:
`registry.py`: which members there are by name (each a `models.protocols.DemandMember`); read first.
`seasonal_level.py`, `trend.py` (with `trend_kernel.py`), `statistical.py`: local members, estimated per SKU
(`local_member.py`).
`boosting.py`: the global LightGBM member; `training_rows.py`: rows it learns from and forecasts.
"""

"""The ensemble's members: models of expected demand, each forecasting the mean of all SKUs or of some classes.

Reading map:
`registry.py`: what a member can do (`Member`) and which there are by name; read first.
`seasonal_level.py`, `statistical.py`: local members, estimated per SKU (`local_member.py`).
`boosting.py`: the global LightGBM member; `training_rows.py`: rows it learns from and forecasts.
"""

"""The MLflow model registry, and who is champion.

`mlflow_registry`: versions and aliases in MLflow, by `mlflow_session`; read first. `run_tracking`: what a training run
logs there, with `pyfunc_model` as the model that MLflow loads. `promoter`: promotion and rollback across bundle store,
aliases and ledger. `open_registry`: opens them by the settings. `manage_models`: the jobs of `purvey models`. `lock`:
one training or migration at a time.
"""

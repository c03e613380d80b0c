"""The MLflow model registry, and who is champion.

`mlflow_registry`: versions and aliases in MLflow, by `mlflow_session`; read first. `run_tracking`: how a training run
is logged there, from its `run_record`, with `pyfunc_model` as the model that MLflow loads. `promoter`: promotion and
rollback across bundle store, aliases and ledger. `open_ledger`: opens ledger and promoter by the settings.
`manage_models`: the jobs of `purvey models`. `lock`: one training or migration at a time.
"""

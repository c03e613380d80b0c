"""What MLflow shows of a training run beside the model.

`run_artifacts`: the files of a run; read first.
`model_card`: the card in Markdown. `figures`: the pictures, drawn by `charts/`.
"""

"""How models are learned: fit, evaluate, compare with the champion, register and promote.

`pipeline`: the job of `purvey train`, outermost; read first. `fit_and_evaluate`: its pure core, with
`model_factories` and `horizon`. `options_and_result`: of the job. `known_breaks`: agreements that models are told of.
`gather_bundle`: what goes into the model bundle.
`evaluation/`: backtests and accuracy. `decision_cost/`: what acting on the forecasts costs, champion against
challenger. `tuning/`: the search for boosting parameters. `registry/`: MLflow and promotion. `report/`: card, figures,
artefacts.
"""

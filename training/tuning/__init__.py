"""The search for better boosting parameters, `purvey train --tune`.

`parameter_search`: the search and its confirmation on newer windows; read first.
`trial_backtest`: the loss of trial parameters from past origins. `tuning_result`: what was found.
`budget`: how long a search may take.
"""

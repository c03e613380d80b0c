"""Forecast attribution: which part of expected demand is level, trend, season, price, promotion or event.

Reading map:
`explanation.py`: `Explanation`, the result: units of each part per SKU and period; read first.
`explained_forecast.py`: splits a forecast into these parts (logarithmic mean Divisia index); read next.
`member_factors.py`: a single member's forecast as a product of factors.
`counterfactual.py`: effects of price, promotion and events against a baseline; `tree_paths.py`: of seasonal features.
"""

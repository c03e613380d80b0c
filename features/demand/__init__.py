"""Demand: the panel of SKUs × periods, and what is derived from it before any model.

`panel`: `Panel`, demand, covariates and events as arrays; `panel_from_tables`: how it is made; read these first
`censoring` (by `tail_moments`): demand in stockouts imputed; `lifecycle/`: successors and relaunched SKUs
`feature_rows/`: the features that global demand models learn from; `seasonality/`, `sku_groups`: what SKUs share
`demand_class`, `demand_unit`, `typical_level`: classes, the step in which demand comes, levels without outliers
`recent_demand`, `event_indicators`: the last periods, events as 0/1 arrays
"""

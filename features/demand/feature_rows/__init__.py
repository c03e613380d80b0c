"""Feature rows of demand models: one row for each SKU, origin and step ahead, the same to learn and to forecast.

`demand_features`: `DemandFeatures`, which names the features and computes their rows; read first
`prepared_panel`: what is computed once for a panel, for rows to be looked up from
`history_features`, `season_features`, `covariate_features`, `static_features`: the features by topic
`demand_level`, `prefix_sums`, `feature_families`: the level that scales demand; quick means; what a feature describes
"""

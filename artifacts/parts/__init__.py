"""Single files of model bundles and plan runs, each with how it is written and read.

Reading map: `forecast_store`: all levels of a demand forecast; `explanation_store`: what its means are made of;
`group_forecast_store`: the forecast of groups of SKUs; `procurement_store`: spend lines and tables of procurement.
"""

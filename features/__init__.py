"""From tables to model inputs: the data contract, data quality, and features of demand and of purchase orders.

`contract`: the tables and their columns, parsing, and how dates and periods are read; read first
`quality`: the data check, which rows are good, and what in them should not be believed
`demand`: the panel of demand, and the features that demand models learn from
`orders`: purchase-order lines as lead-time models take them, and the suppliers' calendar
`stock`: the last count of each SKU, rolled forward to the day of the plan
"""

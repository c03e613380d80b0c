"""Warnings: data that keep the rules of the contract but look wrong, or are not there.

`data_warning`: what a warning says; read this first.
`order_warnings`, `demand_warnings`: about the rows of purchase orders and of demand.
`completeness_warnings`: misspelt columns, ids without their master row, old stock counts.
"""

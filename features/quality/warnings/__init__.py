"""Warnings: data that keep the rules of the contract but look wrong, or are not there.

`data_warning`: what a warning says; read this first.
`order_warnings`, `demand_warnings`: about the rows of purchase orders and of demand.
`order_day_warnings`: orders on other days than their supplier takes them.
`supplier_term_warnings`: terms of a supplier's order that have nothing to work on.
`receipt_warnings`: what order lines say of their end; `stock_warnings`: what cannot be added to a stock count.
`demand_end_warnings`: where demand ends, too early for a plan or for some SKUs; also said by plans.
`offer_warnings`: SKUs without an offer in force, service targets above what plans go by.
`unit_warnings`: offers that mix up purchase units with the SKU's own, exchange rates that are old or odd.
`completeness_warnings`: misspelt columns, old stock counts.
`link_warnings`: ids that another table lacks, or spells otherwise.
`config_warnings`: values of a config that have nothing to work on in the tables.
"""

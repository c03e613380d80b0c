"""The page on which offers are compared before any of them is taken: a form, sliders, and what a year of each costs.

`compare_page`: the page; read first. `compare_form`: what stands in the address and the form, and the request it is.
`sku_offers`: the offers of a SKU to begin with. `cost_bars`: costs by part as bars.
"""

"""Requests of departments: what there is to choose from for a SKU, a quantity and a date.

Reading map: `buying_options.py`: every usable offer with contract, price, chance to be in time, and what it needs.
`stock_elsewhere.py`: units of the SKU that lie at the company's own sites.
"""

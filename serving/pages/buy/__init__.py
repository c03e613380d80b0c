"""The pages of guided buying and of restocking sites.

`buy_page`: a department's request and what it can be bought as; read first. `restock_page`: what to bring where.
"""

"""What if, as pages: of a SKU and of a supplier.

`what_if_page`: both pages; read first. `compared_rows`: the numbers that they show beside each other.
"""

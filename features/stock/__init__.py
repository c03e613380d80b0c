"""Stock: from the last count of each SKU to what is there on the as-of date.

`roll_forward`: the stock table with what came in and went out since the count; read first
`deliveries`: goods received since the count, each delivery once
`sales_since`: demand periods since the count, those that can be taken off and those that cannot
"""

"""Stock that runs out and stock that lies: two lists with what is at stake in money, and the way out of each.

Reading map:
`running_out.py`: stocked out, stocked out even if ordered today, at risk; read first. `remedies.py`: the quickest way
out of each and its price.
`excess_stock.py`: surplus on order, excess, aged, near expiry and dead stock, each unit counted once.
"""

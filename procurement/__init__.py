"""What procurement answers for beside today's orders: what is spent, what lies, and whether a change pays.

Frames and arrays in, frames and arrays out.

Reading map:
- `spend/`: what was bought, by whom, at what price against contract and market; what is unusual in it; read first.
- `stock_value/`: what the stock is worth by FIFO, LIFO and average, how old it is, what it costs to carry.
- `segments/`: SKUs by value and forecastability, suppliers by impact and risk, and the policy of each.
- `assessment/`: the baseline report from raw tables, before any model: stock, service, and where the money lies.
- `requests/`: what a department's request can be bought as; `restocking/`: what to bring to which site.
- `pilot/`: whether a change pays: matched groups, the size and length of a pilot, its effect with an interval.
"""

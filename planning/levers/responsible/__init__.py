"""Levers of responsible purchasing, and what goals for whom is bought from cost.

Reading map:

- `goals.py`: the goals, and the shares of spend that they are about. Read first.
- `prefer_supplier.py`: the moves that meet a missed goal, the cheapest first, each with its price.
- `emissions.py`: emissions of what is bought.
- `responsible_table.py`: shares, goals, emissions and the price of each goal, as a table of the plan.
- `preferred_vendors.py`: what was bought outside the preferred vendors, and what it cost more.
- `clear_stock.py`: stock that lies sent back or sold down before it is written off.
"""

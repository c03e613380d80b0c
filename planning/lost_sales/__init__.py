"""What to order when unmet demand is lost: demand that finds no stock before the arrival needs no replacement.

Reading map:

- `order_need.py`: units to order now for each SKU's target, a service level or a fill rate. Read first.
- `cycle_shortfall.py`: units missing at the end of the cycle in each scenario, from its demand and supply.
- `cycle_times.py`: the times between ordering and the end of the cycle at which stock is compared with demand.
"""

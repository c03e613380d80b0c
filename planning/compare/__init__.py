"""Questions asked before anything is agreed: which of several offers is the best, and what a promise of service costs.

Reading map:

- `compare_offers.py`: offers of one SKU, each with its own year in play. Read first.
- `compared_demand.py`: the demand that they are compared on: normal, or a SKU's forecast.
- `break_even.py`: of each pair of offers, what the one saves, and what it may charge more than the other.
- `split_offers.py`: two of them taken at once.
- `alternative_suppliers.py`: how much dearer a supplier may get before others of its SKUs are the better ones.
- `supplier_volume.py`: what will be needed in the coming months, with its range.
- `service_promise.py`: what service levels from 90 to 99.5 % cost a year, SKU by SKU.
"""

"""Lanes (SKU × supplier): which there are, on what terms, and which one each SKU is bought through.

Reading map:

- `find_lanes.py`: the lanes open on a day. Read first; `usual_supplier.py`, `current_lane.py`: what was bought so far.
- `agreed_lead_times.py`: longest lead times that suppliers agreed to, where plans count on them.
- `answered_lanes.py`: those whose lead time is known, and the SKUs left without one.
- `order_days.py`: how long an order waits until its supplier takes orders; `sending_days.py`: closures included.
- `lane_terms.py`: targets, reorder point, order size and total cost of each lane, from `lane_demand.py` and
  `lane_order_size.py`.
- `end_of_buying.py`: SKUs that are not bought again, being dead, replaced or never sold.
- `choose_lane.py`: the lane each SKU is bought through.
"""

"""Levers on the terms of the supplier that is bought from.

Reading map:

- `lower_moq.py`: an MOQ of the lot that costs least; `moq_talks.py`: the talks about it. Read first.
- `lower_multiple.py`: packs half as large.
- `lead_time_sla.py`: a longest lead time, with a schedule of bonus and penalty that shares its worth.
- `flexibility.py`: a window in which orders can be cancelled.
- `price_breaks.py`: ordering up to a price break, or having it begin earlier.
- `price_on_volume.py`: a lower price where the volume rises for sure.
- `payment_days.py`: paying when the company usually does.
- `book_capacity.py`: larger orders where the largest that is allowed binds.
- `share_forecast.py`: telling a supplier ahead whose delays go with demand.
"""

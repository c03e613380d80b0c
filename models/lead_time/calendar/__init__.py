"""Calendar effects on lead times: weekdays on which orders wait, and shutdowns in which suppliers do not work.

Reading map:
`working_time.py`: working days and calendar days turned into each other; read first.
`shutdowns_ahead.py`: the days that shutdowns ahead of an order cost it.
`shipment_delays.py`: how much later than usual shipments came, and the shutdowns they met.
`learn_working_time.py`: what of these delays weekdays and shutdowns cost.
`validate_working_time.py`: keeps of it what improves forecasts on earlier snapshots.
"""

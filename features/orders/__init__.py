"""Purchase orders and suppliers: what lead-time models learn from.

`order_history`: order lines as they were known on a day, with lead time or, when open, age; read first
`beyond_experience`: lines open far longer than any that came
`supplier_calendar`: each supplier's region, and the days on which it is shut down
`shutdowns`: these days as spans of time
`line_department`: whose department an order line is
`promises`: promised days, and whose are believed: not those that are overwritten when goods arrive
"""

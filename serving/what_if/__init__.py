"""What if, as the API and the pages ask it: a change in the query of an address, and what a plan would say then.

`change_fields`: the parameters, each with its bounds; read first. `read_change`: from a query to a change.
`asked`: one SKU or a whole supplier, assessed twice; nothing is stored.
"""

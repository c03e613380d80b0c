"""The data contract: which tables and columns there are, and how their values are read.

`tables`: every table's columns, kinds and keys, and `Tables`, a company's clean tables; read first
`parsing`: columns as they come (text, numbers, dates, mixed) into the contract's kinds
`frequency`: demand periods, from their pandas alias: starts, ends, seasons and lengths
`lead_time_clock`, `events`: which dates start and end a lead time; events as one row a day
"""

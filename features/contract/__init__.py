"""The data contract: which tables and columns there are, and how their values are read.

`tables`: every table's columns, kinds and keys, and `Tables`, a company's clean tables; read first
`parsing`: columns as they come (text, numbers, dates, mixed) into the contract's kinds
`notation`: how a source writes them; `number_format`, `date_format`, `period_names`, `local_dates`: how each is read
`frequency`: demand periods, from their pandas alias: starts, ends, seasons and lengths
`period_calendar`: where periods start and end, by a frequency or by the table `calendar`
`lead_time_clock`, `events`: which dates start and end a lead time; events as one row a day
`in_force`: which offers and contracts hold on a day
`public_holidays`: those of a country as events of demand
"""

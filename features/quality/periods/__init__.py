"""Demand periods in the data check: which there are, which are over, and which are whole.

`calendar_check`: the calendar that all rows of demand keep, and the rows off it; read first
`daily_rows`: which days of a daily table were recorded, and its rows summed to periods
`partial_period`: a last period whose demand has not all come in, told by its total
"""

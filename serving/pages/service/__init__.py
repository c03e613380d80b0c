"""The page of what a promise of service costs.

`service_page`: the curve of one group as a chart and a table, and all groups in a list; its downloads.
`service_chart`: the chart's image.
"""

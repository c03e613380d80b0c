"""The page of alerts: exceptions that stand, by severity and money.

`alerts_page`: the list and its files; read first. `alert_forms`: acknowledge, dismiss, reopen, assign.
`alert_feeds`: the same as a feed, and days to remember as a calendar.
"""

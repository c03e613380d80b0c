"""Promises: what a supplier's promised day says of the day the goods come.

Reading map:
`trust.py`: which promises were made beforehand, and the days they promise; read first.
`promise_error.py`: the member that moves a promise by its usual error, in proportion or in days.
`repromised.py`: new promises of open orders.
"""

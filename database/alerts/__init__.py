"""Exceptions that alerts opened, and the outbox of what is sent about them.

`alert_tables`: the tables; read first. `exception_store`: what a plan run opens, keeps and closes, in one transaction
with its deliveries. `exception_list`: exceptions as people ask for them. `exception_steps`: what people do with one.
`outbox`: deliveries, claimed by one deliverer at a time, tried again later and later.
"""

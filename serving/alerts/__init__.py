"""Exceptions as pages and API show them, and the steps that people take.

`exception_rows`: rows with their rule's rate, filtered; read first. `take_step`: a step read and taken.
`feed_entries`: days of the calendar.
"""

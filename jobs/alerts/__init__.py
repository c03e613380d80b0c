"""Alerts: exceptions that a plan run opens and closes, and what is sent about them.

Reading map:
- `evaluate_alerts.py`: at the end of a plan run, from its tables to exceptions and the outbox; read first.
- `letters.py`: what is sent to which target about an exception.
- `deliver_alerts.py`: the outbox, sent. `webhooks.py`: as signed JSON. `emails.py`: as mail.
- `alert_settings.py`: rules and targets as `alerts.yaml` says.
"""

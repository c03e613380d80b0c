"""Alerts as a business sets them. `alert_options`: every option of `alerts.yaml`."""

"""What is read and remembered: data sources, state tables, migrations and queries."""

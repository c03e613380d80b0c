"""Benchmark of supplier change detection: found changes and false alarms on simulated suppliers.

Reading map:
- `__main__.py`: the command; read first.
- `simulated_suppliers.py`: suppliers whose lead times change, and those whose do not.
- `oracle.py`: CUSUMs that know the distributions before and after the change: the most that can be found.
"""

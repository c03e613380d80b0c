"""Benchmark of supplier change detection: found changes and false alarms on simulated suppliers.

Reading map:
- `__main__.py`: the command and its suppliers; read first.
- `oracle.py`: CUSUMs that know the distributions before and after the change: the most that can be found.
"""

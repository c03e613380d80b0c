"""Benchmark of the stock needed for a fill rate of 95 %.

Reading map:
- `__main__.py`: the command; read first.
- `contenders.py`: the order-up-to levels of every contender in every past week.
- `simulate.py`: the past weeks simulated with these levels: fill rate and stock held.
"""

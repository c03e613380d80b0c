"""Benchmark of the seconds and memory that the commands take.

Reading map:
- `__main__.py`: the command; read first.
- `levers.py`: what pricing each lever takes, a command of its own.
- `generated_company.py`: a made-up company of any size.
"""

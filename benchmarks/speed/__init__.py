"""Benchmark of the seconds and memory that the commands take.

Reading map:
- `__main__.py`: the command; read first.
- `generated_company.py`: a made-up company of any size.
"""

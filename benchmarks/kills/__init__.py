"""Processes killed between approving, exporting and planning again: nothing is lost, and nothing is ordered twice.

Reading map:
- `__main__.py`: the command; read first.
- `kill_runs.py`: a worker started and killed at a random moment or statement, again and again.
- `monday.py`: what the worker does until it is killed: plan, approve, export, over and over.
- `invariants.py`: what must hold after every kill.
"""

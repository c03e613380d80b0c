"""Processes killed at any moment of a company's day: nothing acknowledged is lost, nothing doubled, nothing torn.

Reading map:
- `__main__.py`: the command, on SQLite and PostgreSQL; read first.
- `crash_runs.py`: a worker or a server started and killed at a random moment or statement, again and again.
- `worker.py`: the process that is killed, forked by the `nursery.py`; `planner_day.py` and `modeller_day.py` are what
  it does until then: plan, decide, approve, export; check, train, promote.
- `journal.py`: what a worker was about to do, and what it was told is done.
- `acknowledged.py`, `order_invariants.py`, `model_invariants.py`: what must hold after every kill.
- `server.py`: a server that starts, answers when it is ready, and is killed.
- `sites.py`: the company that is worked on, and what its ERP system and its customers do between kills.
- `postgres_server.py`: a PostgreSQL server for the while.
"""

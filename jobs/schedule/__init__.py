"""The scheduler: runs the batch jobs at their times, in one process of all that wait to.

Reading map:
- `scheduler.py`: the loop: lead, see what is due, run it, write down how it ended; read first.
- `due.py`: what is due now and why: its time, a signal, or another attempt.
- `times.py`: the next and the last time of a list of times in a zone.
- `status.py`: all of it for people. `run_once.py`: one job by hand.
- `job_process.py`: a job as a process of its own, and what is kept of what it printed.
"""

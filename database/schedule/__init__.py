"""What the scheduler remembers: who leads, and what was run when with what outcome.

`schedule_tables`: the two tables; read first. `lease`: one leader at a time, judged by each process's own clock.
`job_runs`: the runs of the jobs, from start to outcome.
"""

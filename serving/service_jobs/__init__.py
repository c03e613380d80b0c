"""Large asks that the service works on by itself: forecasts, plans and what-ifs of up to all SKUs.

(The batch jobs of the command line are the package `jobs`.)

`job_requests`: what may be asked; read first. `job_rows`: from a request to rows, in chunks, as the direct calls answer
them; `what_if_rows`: those of what-ifs. `result_files`: the rows as NDJSON, Parquet and Arrow. `worker`: the thread
that works on one job at a time.
"""

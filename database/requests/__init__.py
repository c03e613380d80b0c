"""What is kept of requests to the service: jobs, answers to be given once only, and how far the state has moved.

`request_tables`: the tables; read first. `service_jobs`: jobs from queued to ended, claimed by one worker at a time.
`idempotency_keys`: the first answer to a key, given again to whoever repeats it. `state_marks`: what moves with every
change that people make, for entity tags.
"""

"""Jobs in the JSON API: `/v1/jobs`, large asks that are worked on apart and fetched when they are done.

`job_routes`: what answers each; read first. `openapi_jobs`: the description of them. `serving.service_jobs` does the
work.
"""

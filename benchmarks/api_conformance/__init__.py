"""The API called by its own description: whether every answer is one that the OpenAPI document says.

Reading map:
- `__main__.py`: the command; read first.
- `served_copy.py`: a copy of a home behind a server of its own, with access by an API key.
- `schemathesis_run.py`: schemathesis with all its checks, the stateful ones among them; `real_values.py`: real ids to
  ask about.
"""

"""How a process logs: as text for people or as JSON for machines, every line with the request it belongs to.

`log_lines`: the two forms of a line, and how a process takes one of them; read first.
`request_id`: the id of the request that is answered now.
"""

"""Admission: how much work a process takes on at once, and what becomes of the rest before any of it has begun.

`guard`: the middleware around every route, with the limits.
`work_cost`: what a request is expected to cost; read first. `work_queue`: who works now, who waits, who is sent away.
`turns`: a request's turn, from its place in the queue to the end of its work, with its caller watched.
`shedding`: what the event loop takes in one round, and refuses in overload. `event_loop`: how late it is.
`connections`: where requests are refused before any work, and closed where none comes; `limited_protocol`: how uvicorn
comes to use it.
"""

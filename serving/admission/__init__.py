"""Admission: how much work a process takes on at once, and what becomes of the rest before any of it has begun.

`guard`: the middleware around every route, with the limits.
`work_cost`: what a request is expected to cost; read first. `work_queue`: who works now, who waits, who is sent away.
`turns`: a request's turn, from its place in the queue to the end of its work, with its caller watched.
`event_loop`: how late the event loop is, and what it answers no more when it is too late.
`connections`: those whose request never comes are closed.
"""

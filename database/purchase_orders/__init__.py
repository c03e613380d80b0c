"""Purchase orders as people make them of a plan's proposals: drafted, approved, exported, confirmed, received.

`records`: a purchase order, its lines, what was done with it, and what can be wrong; read first.
`transitions`: how each step changes an order; pure. `change_order`: one step in one transaction, refused where the
order changed meanwhile, and once only. `drafts`: a proposal becomes a draft when somebody first touches it.
`approval`: who may approve it. `moves`: lines that go to another supplier's draft. `export_file`: its file, once.
`sightings`: what a plan run reads of placed orders and writes about them. `order_list`: what is there, for pages and
answers. `store`: rows read and written, under one lock.
"""

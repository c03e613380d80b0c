"""The verbs by which Purvey runs for years without a hand.

`schedule`: one process that does everything at its time; read first. `scheduled_verbs`: the verb of each of its jobs.
`alerts`: exceptions, and what is sent about them. `prune`: what old runs leave behind, removed.
`audit`: who did what, and whether anybody touched it. `backup`: all that is kept, copied and put back.
"""

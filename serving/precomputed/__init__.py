"""What is worked out once for a served champion and plan, so that a request looks it up; answers stay the same.

`precomputed`: all of it, beside a `Served`; read first. `encoded_rows`: rows of answers as JSON, within a bound of
bytes. `last_used`: the last things that were made.
`known_lanes`: lead times of every lane that was bought or is offered, and the demand over them.
`quick_forecast`, `quick_lead_times`, `quick_plan`: the answers that are looked up; none where they cannot be.
`quick_answers`: the same from a request's bytes, as the guard asks for it.
"""

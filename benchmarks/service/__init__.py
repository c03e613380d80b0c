"""What one worker on one core serves: throughput beside bare Starlette, ten times too much load, and a soak.

`__main__`: runs the parts and writes the table; read first. `load`: many connections that ask, with the clock beside.
`served_home`: `purvey serve` on a free port and on a core of its own. `asks`: what is asked for.
`throughput`, `overload`, `soak`: the parts; `bare`: Starlette and orjson with the same bytes, for the ratio.
"""

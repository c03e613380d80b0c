"""Who is asking, and whether they may: found out before any request is answered.

`rules`: every route and the roles that may use it; read first. `gate`: the middleware that asks the others in turn.
`access_config`: what is configured. `access`: from a request to the person who asks, by the first of four ways:
`api_keys`, `bearer_tokens` (with `key_set`, the issuer's keys), `proxy_header`, `sessions`; `limits`: how much a person
approves.
`remembered`: what need not be read for every request. `hosts`: names under which the server may be asked.
`form_tokens`: forms are taken from our own pages only. `login`: names and passwords checked.
"""

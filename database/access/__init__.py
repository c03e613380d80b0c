"""Who may ask: people with passwords, API keys, sessions, and the logins that failed.

`tables`: the state tables; `secrets`: hashes of passwords and keys, and new secrets; read these first.
`users`, `api_keys`, `sessions`: a file a table, with all that is done with its rows. `login_attempts`: how many logins
failed lately. `approval`: how much somebody may approve, and of what not at all.
"""

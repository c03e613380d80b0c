"""Who may ask the server: people and keys.

`users`: `purvey users` · `keys`: `purvey keys` · `access_options`: what their verbs share
"""

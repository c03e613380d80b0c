"""What a business sets, and how it is told that something it set cannot be used.

`schema`: every option of the YAML file in one place, with meaning, unit, default and range; read first
`load`: a YAML file as a `Config` · `reference`: `docs/configuration.md`, made from the schema
`errors`: `DomainError`, the base of every error that a user can mend
`progress`: how a long job says where it is
"""

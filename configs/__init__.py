"""What a business sets, and how it is told that something it set cannot be used.

`schema`: every option of the YAML file in one place, with meaning, unit, default and range; read first
`sourcing`: those of sourcing levers, `schedule`: when what runs, both parts of it; `section`: what a section and an
  option are
`access`: every option of the server's `access.yaml`, `alerts/`: of the rules and targets in `alerts.yaml`
`load`: a YAML file as a `Config` · `yaml_loader`: YAML as plain values
`validation`: what is wrong with a config's values, in sentences
`reference`: `docs/configuration.md`, made from the schema
`logs/`: how a process logs
`errors`: `DomainError`, the base of every error that a user can mend
`formats`: numbers, money, shares and days as people write them, everywhere the same; `weekdays`: weekdays as well,
  `budget_period`: periods of budgets
`progress`: how a long job says where it is
"""

"""What is read and remembered: the company's tables as the source holds them, and Purvey's own state database.

`sources`: the contract's tables, from a data directory or a SQL database; read these first.
`settings`: where home, state database and MLflow are; `engine`: connections and write transactions.
`schema`: the state tables; `migrate` and `migrations/` bring a database to them. `state_copy`: a copy, for backups.
`ledger` (champions), `plan_runs`, `recommendations` (`bulk_upsert` writes them), `decisions`, `action_notes`,
`overrides`: a file a table. `worklist`: recommendations counted and in pages; `worklist_memory`: what was worked out
of it, until something changes. `action_ledger/`: what approved actions promised and brought.
`purchase_orders/`: orders from draft to receipt. `access/`: who may ask, people, keys and sessions.
`audit/`: who did what, in rows that nobody changes unseen. `schedule/`: which jobs ran when, and who leads.
`alerts/`: exceptions that alerts opened, and what is sent about them.
`requests/`: jobs of the service, and answers given once only.
"""

"""The command line: one file a verb, each importing only what its verb needs.

`app`: all verbs together, and what an error looks like; read first
`terminal`: the options, consoles and printed tables that verbs share · `process`: settings of the whole process
`check`, `train`, `backtest`, `plan`, `monitor`: on a company's data
`company/`: the assessment, on its tables alone
`models`, `db`: what is kept · `serve`, `mcp`: the service, for people and programs, and for assistants ·
`demo`: all of it on a demo company
`access/`: people and keys · `upkeep/`: scheduling and pruning, backups, the audit log
"""

"""The audit log: who did what, in rows that nobody changes unseen.

`record`: what others call, within the transaction of what they record; read first. `table`: its rows,
`chain`: the hash of a row over its content and the row before, `files`: key and signed head in the home.
`triggers`: what the database itself refuses. `recorded_rows`: rows of other tables, by their digest,
`access_rows`: those of people, keys and exceptions, which change.
`verify`: finds what was edited, cut off, dated back or put in; `history`: the rows as people read them.
"""

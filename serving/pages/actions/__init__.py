"""The worklist and the page of one action: what is proposed, decided, commented on, assigned, and carried out.

`action_list`: the worklist; read first. `action_files`: its downloads. `decide_many`: several decided at once.
`action_page`: one action with its decisions, notes and forms. `action_forms`: deciding on it and noting something.
`snooze_choices`: until when an action can be snoozed.
"""

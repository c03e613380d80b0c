"""The page of overrides: who set what in place of the model's numbers, why, until when, and what it was worth.

`override_list`: the list with its entry forms and the value added. Read first. `override_forms`: entering and ending.
"""

"""Overrides as people enter and read them: what they set in place of the model's numbers.

`read_override`: a new one from a form's or a JSON body's fields, by the rules of the table `overrides`; read first.
`store_override`: stored or ended, as of the business day. `override_view`: all of them as they stand, those of the
company's table with those that were entered, with what the plan says of each, and the value that they added.
"""

"""Purchase orders as the service works on them: the plan's proposals, checks before saving, steps and files.

`proposals`: what the served plan proposes, as orders that nobody has touched; read first. `order_view`: all orders as
they stand, proposals and purchase orders together. `line_check`: what a quantity does to risk, cost and stock days;
`term_checks`, `budget_checks`: which terms and budgets it breaks; `order_checks`: what an order as a whole breaks.
`edits`: changes of lines, checked; `steps`: approve,
withdraw, export and the like. `export_formats`: an order as rows of other systems, as data; `export_files`: those rows
as files; `file_answer`: a file as a download. `order_problems`: what goes wrong, as problem+json.
"""

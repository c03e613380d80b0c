"""The pages of spend: sums by any dimension, months with what is to come, budgets, what is unusual, and the lines.

`spend_page`: the page with its tabs; read first. `spend_query`: what an address asks for, and addresses that ask for a
bit more or less. `spend_columns`: the columns of its lists. `spend_files`: lists as files. `spend_chart`: its chart.
"""

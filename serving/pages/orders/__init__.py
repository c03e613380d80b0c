"""Pages of purchase orders: what is to be ordered today by supplier, one order with its lines, and the forms on it.

Reading map:
`order_list.py`: the page `/orders`; read first. `order_page.py`: one order or proposal, line by line.
`order_lines.py`: what the plan says beside each line, or a check of an edited one.
`order_forms.py`: what the forms send, as edits and steps; `form_fields.py`: their fields.
`approve_many.py`, `export_many.py`: several orders approved at once, and exported in one file.
`order_downloads.py`: all lines as CSV and Excel.
"""

"""The company's tables as their source holds them.

`load_tables`: from whatever source the user names, checked against the data contract; read this first.
`data_directory`: a folder with a file a table, read and written; which file holds which table is in `table_files`.
`csv_source` (`compressed_files`), `workbook_source`: one table of a file; `header`, what its columns are called.
`unread_files`: what looks like a table and is not read.
`sql_source`: the same tables in a SQL database.
"""

"""The company's tables as their source holds them.

`load_tables`: from whatever source the user names, checked against the data contract; read this first.
`data_directory`: a folder with a file a table, each read by `csv_source` or as Parquet; and written.
`sql_source`: the same tables in a SQL database.
"""

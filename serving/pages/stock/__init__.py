"""The page of stock that runs out and of stock that lies, by money, and its files.

`stock_lists.py`: both lists.
"""

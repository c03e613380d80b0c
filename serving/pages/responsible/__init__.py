"""The page of responsible purchasing.

`responsible_page`: shares of spend by category, goals and their price, and what was bought outside the preferred
vendors; its downloads.
"""

"""The page of all levers: what each is, when it is proposed, what it needs, and what the current plan has of it.

`levers_page`: the page; read first. `lever_texts`: what it says of each lever.
"""

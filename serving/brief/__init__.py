"""The negotiation brief of a supplier: one page for one call, as data and as Markdown.

- `brief_document.py`: all of it, put together from what is served and decided; read first.
- `asks.py`: what to ask for, what to fall back to, and what to give. `agenda.py`: what was agreed last time, and the
  agenda of a review.
- `supplier_history.py`: what was spent, which orders went worst, which open ones are at risk.
- `coming_needs.py`: what will be needed by month, and which suppliers offer the same.
- `brief_markdown.py`: the document as Markdown.
"""

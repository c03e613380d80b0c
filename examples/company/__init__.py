"""The demo company's parts: its real sales, and the simulated suppliers, offers and purchasing desk."""

"""Public data sets and the demo company, each turned into a data directory."""

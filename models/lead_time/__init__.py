"""Lead-time models: what is learned from purchase orders."""

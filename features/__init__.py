"""Tables to model inputs: the data contract, quality rules, calendars, demand and purchase-order features."""

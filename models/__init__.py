"""What is learned: demand and lead-time distributions, and the bundle they are kept in."""

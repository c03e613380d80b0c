"""What is decided, purely: lead-time demand, policies, order sizes, projection and sourcing actions."""

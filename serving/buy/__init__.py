"""Guided buying as page and API ask for it. `answer_request`: a request read, and its options and stock elsewhere."""

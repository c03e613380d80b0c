"""How it is asked: the planning job, the BentoML service, the API and the web page."""

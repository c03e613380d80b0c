"""Plan runs before the current one that are still kept, and what they said then.

`named_run`: which run a request names, by number or day; read first. `earlier_served`: forecasts and plans of it, as
the service would have answered then. `earlier_actions`: what it recommended. `entity_tags`: 304 where no run, and
nobody, has changed anything since.
"""

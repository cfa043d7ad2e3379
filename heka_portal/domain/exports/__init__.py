"""A copy of everything about a person, for that person: asked, made by the worker, fetched, gone."""

"""A resident's building: its page, its rescue plan, its documents."""

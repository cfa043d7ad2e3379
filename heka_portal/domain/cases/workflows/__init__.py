"""A table of moves for each kind of case: pure data."""
